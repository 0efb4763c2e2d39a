"""Where the proofs of DIF are kept: payslips and work certificates, apart from the proofs of identity."""

from accounts.proofs import ProofStore

dif_proofs = ProofStore("pieces")
