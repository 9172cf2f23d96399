"""Minor units as people write them; plain Python."""

NO_DIGITS = frozenset("CLP ISK JPY KRW PYG UGX VND XAF XOF XPF".split())
THREE_DIGITS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def written(cents: int, currency: str) -> str:
    """`-12.50` for -1250 EUR, `1250` for 1250 JPY (ISO 4217)."""
    digits = 0 if currency in NO_DIGITS else 3 if currency in THREE_DIGITS else 2
    sign, whole = ("-" if cents < 0 else ""), f"{abs(cents):0{digits + 1}d}"
    return sign + (f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole)
