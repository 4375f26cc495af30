"""Earned value management of one project or task, in Decimal.

Formulas: PMI, The Standard for Earned Value Management; Defense Acquisition University, Earned Value Management Gold
Card. Favourable is positive, an index above 1 is favourable. All amounts are in one currency, cumulative to the
status date.

"n/a" is None and never 0: where an input is unknown or there is nothing to divide by, there is no figure.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

EacMethod = Literal["cpi", "budget", "cpi_spi", "bottom_up"]
"""How the rest of the work is forecast.

- `cpi`: at the cost efficiency so far, EAC = BAC / CPI.
- `budget`: as budgeted, EAC = AC + (BAC - EV).
- `cpi_spi`: at the cost and schedule efficiency so far, EAC = AC + (BAC - EV) / (CPI * SPI).
- `bottom_up`: as newly estimated, EAC = AC + bottom-up ETC.
"""

EAC_METHODS: tuple[EacMethod, ...] = get_args(EacMethod)

Amount = Decimal | None


def _minus(first: Amount, second: Amount) -> Amount:
    return None if first is None or second is None else first - second


def _over(first: Amount, second: Amount) -> Amount:
    return None if first is None or not second else first / second


def _per_cent(first: Amount, second: Amount) -> Amount:
    ratio = _over(first, second)
    return None if ratio is None else 100 * ratio


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """The four inputs (and an optional bottom-up estimate to complete) with everything that follows from them.

    `bac` budget at completion, `pv` planned value (BCWS), `ev` earned value (BCWP), `ac` actual cost (ACWP).
    """

    bac: Amount = None
    pv: Amount = None
    ev: Amount = None
    ac: Amount = None
    bottom_up_etc: Amount = None

    @property
    def sv(self) -> Amount:
        """Schedule variance, EV - PV."""
        return _minus(self.ev, self.pv)

    @property
    def cv(self) -> Amount:
        """Cost variance, EV - AC."""
        return _minus(self.ev, self.ac)

    @property
    def spi(self) -> Amount:
        """Schedule performance index, EV / PV."""
        return _over(self.ev, self.pv)

    @property
    def cpi(self) -> Amount:
        """Cost performance index, EV / AC."""
        return _over(self.ev, self.ac)

    @property
    def sv_pct(self) -> Amount:
        """Schedule variance in per cent of PV."""
        return _per_cent(self.sv, self.pv)

    @property
    def cv_pct(self) -> Amount:
        """Cost variance in per cent of EV."""
        return _per_cent(self.cv, self.ev)

    @property
    def pct_scheduled(self) -> Amount:
        """Planned value in per cent of BAC."""
        return _per_cent(self.pv, self.bac)

    @property
    def pct_complete(self) -> Amount:
        """Earned value in per cent of BAC."""
        return _per_cent(self.ev, self.bac)

    @property
    def pct_spent(self) -> Amount:
        """Actual cost in per cent of BAC."""
        return _per_cent(self.ac, self.bac)

    @property
    def work_remaining(self) -> Amount:
        """Budget of the work not done, BAC - EV."""
        return _minus(self.bac, self.ev)

    def eac(self, method: EacMethod = "cpi") -> Amount:
        """Estimate at completion by the method; ValueError for an unknown one."""
        if method == "cpi":
            return _over(self.bac, self.cpi)
        if method == "budget":
            return self._at_completion(self.work_remaining)
        if method == "cpi_spi":
            cpi, spi = self.cpi, self.spi
            return None if cpi is None or spi is None else self._at_completion(_over(self.work_remaining, cpi * spi))
        if method == "bottom_up":
            return self._at_completion(self.bottom_up_etc)
        raise ValueError(f"unknown method {method!r}, expected one of {', '.join(EAC_METHODS)}")

    def etc(self, method: EacMethod = "cpi") -> Amount:
        """Estimate to complete, EAC - AC."""
        return _minus(self.eac(method), self.ac)

    def vac(self, method: EacMethod = "cpi") -> Amount:
        """Variance at completion, BAC - EAC."""
        return _minus(self.bac, self.eac(method))

    @property
    def tcpi_bac(self) -> Amount:
        """Cost efficiency the remaining work needs to meet the budget, (BAC - EV) / (BAC - AC).

        None once the budget is spent: no efficiency can meet it then.
        """
        return self._to_complete(self.bac)

    def tcpi_eac(self, method: EacMethod = "cpi") -> Amount:
        """Cost efficiency the remaining work needs to meet the estimate, (BAC - EV) / (EAC - AC)."""
        return self._to_complete(self.eac(method))

    def _at_completion(self, rest: Amount) -> Amount:
        return None if self.ac is None or rest is None else self.ac + rest

    def _to_complete(self, target: Amount) -> Amount:
        funds = _minus(target, self.ac)
        return None if funds is None or funds <= 0 else _over(self.work_remaining, funds)
