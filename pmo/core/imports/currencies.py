"""Currency codes, and the signs and words that people write instead."""

import re

CODES = frozenset((
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD",
    "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP",
    "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP",
    "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD",
    "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD",
    "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN",
    "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB",
    "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL",
    "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND",
    "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
))  # fmt: skip
DOLLARS = ("USD", "AUD", "CAD", "HKD", "SGD", "NZD", "TWD", "MOP", "MXN", "BND", "FJD", "JMD", "BSD", "XCD")
AMBIGUOUS = {"$": DOLLARS, "¥": ("CNY", "JPY"), "元": ("CNY", "TWD", "HKD", "MOP"), "kr": ("SEK", "NOK", "DKK", "ISK")}
"""Signs that several currencies share; the first one is meant when nobody says otherwise."""

SIGNS = {
    "£": "GBP", "€": "EUR", "$": "$", "¥": "¥", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "฿": "THB", "₫": "VND",
    "us$": "USD", "usd$": "USD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "a$": "AUD", "c$": "CAD", "nz$": "NZD",
    "cn¥": "CNY", "rmb¥": "CNY", "jp¥": "JPY", "rmb": "CNY", "cnh": "CNY", "人民币": "CNY", "元": "元", "圆": "元",
    "元人民币": "CNY", "美元": "USD", "美金": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "日圆": "JPY",
    "港元": "HKD", "港币": "HKD", "新台币": "TWD", "台币": "TWD", "韩元": "KRW", "新加坡元": "SGD", "新元": "SGD",
    "澳元": "AUD", "加元": "CAD", "瑞士法郎": "CHF", "卢布": "RUB", "澳门元": "MOP",
    "dollars": "USD", "us dollars": "USD", "euros": "EUR", "euro": "EUR", "pounds": "GBP", "yuan": "CNY", "yen": "JPY",
    "kr": "kr", **{code.casefold(): code for code in CODES},
}  # fmt: skip
SIGN_PATTERN = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))


def agree(written: str, code: str) -> bool:
    """Can the sign or code that a cell shows mean the currency `code`?"""
    return written == code or code in AMBIGUOUS.get(written, ())


def default_code(written: str) -> str:
    """The ISO code of a sign, taking the commonest of several; "" stays ""."""
    return AMBIGUOUS[written][0] if written in AMBIGUOUS else written


def currency_code(text: str) -> str | None:
    """The ISO 4217 code that a cell of a currency column names ("usd", "人民币", "£"), None if it names none."""
    sign = SIGNS.get(text.strip().casefold().replace("￥", "¥"))
    return None if sign is None else default_code(sign)
