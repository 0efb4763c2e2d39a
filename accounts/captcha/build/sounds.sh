#!/bin/sh
# Speak the ten digits in four voices into sounds/<voice>-<digit>.wav: 8 kHz, mono, 16 bit, without silence around.
# Needs espeak-ng and sox (Debian packages of these names). Run by hand: sh accounts/captcha/build/sounds.sh
set -eu
cd "$(dirname "$0")/../sounds"
spoken=$(mktemp --suffix=.wav)
trap 'rm -f "$spoken"' EXIT

speak() { # name, voice, pitch (0 to 99), words a minute
    for digit in 0 1 2 3 4 5 6 7 8 9; do
        espeak-ng -v "$2" -p "$3" -s "$4" -w "$spoken" "$digit"
        sox -R "$spoken" -r 8000 -b 16 -c 1 "$1-$digit.wav" \
            silence 1 0.01 0.5% fade 0.005 reverse silence 1 0.01 0.5% fade 0.005 reverse norm -6
    done
}

speak a fr-fr 50 125
speak b fr-fr 25 115
speak c fr-fr 75 135
speak d fr-be 60 120
