from rights.chart import DIGIT_WIDTH, GAP, LABEL_WIDTH, WIDTH, draw_balances


def test_highest_year_fills_the_width_and_others_are_in_proportion():
    chart = draw_balances([(2020, 500_00, 0), (2021, 1000_00, 250_00)])

    full = WIDTH - LABEL_WIDTH - GAP - DIGIT_WIDTH * len("1000,00 €")
    assert [bar.width for bar in chart.bars] == [full // 2, full]
    assert [bar.dif_width for bar in chart.bars] == [0, full // 4]
    assert chart.bars[1].dif_x + chart.bars[1].dif_width == LABEL_WIDTH + full
    assert chart.has_dif


def test_bars_are_one_under_the_other():
    chart = draw_balances([(year, 1, 0) for year in range(2015, 2027)])

    tops = [bar.y for bar in chart.bars]
    assert tops == sorted(tops)
    assert tops[-1] + chart.bar_height <= chart.height
    assert not chart.has_dif


def test_empty_account_draws_no_width():
    assert [bar.width for bar in draw_balances([(2020, 0, 0)]).bars] == [0]
    assert draw_balances([]).height == 0


def test_a_huge_amount_stays_in_the_picture():
    (bar,) = draw_balances([(2026, 9_999_999_999_99, 0)]).bars

    assert bar.width > 0
    assert bar.amount_x + DIGIT_WIDTH * len("9999999999,99 €") <= WIDTH
