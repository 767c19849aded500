"""Serbian Cyrillic to Latin. The other direction is ambiguous and is not offered."""

from __future__ import annotations

_PAIRS = dict(
    zip(
        "абвгдђежзијклмнопрстћуфхцчш",
        "a b v g d đ e ž z i j k l m n o p r s t ć u f h c č š".split(),
        strict=True,
    )
) | {"љ": "lj", "њ": "nj", "џ": "dž", "ѓ": "đ", "ќ": "ć", "ѕ": "dz"}


def latinise_serbian(text: str) -> str:
    """Write Serbian Cyrillic in Latin letters; everything else stays as it is.

    Macedonian ѓ, ќ and ѕ are read as well, because names of places come from Macedonian.

    Parameters
    ----------
    text : str
        Text in Cyrillic, Latin or both.

    Returns
    -------
    str

    Examples
    --------
    >>> latinise_serbian("Љубљана и ЊЕГОШ: 98.104 {area}")
    'Ljubljana i NJEGOŠ: 98.104 {area}'
    """
    out: list[str] = []
    for position, letter in enumerate(text):
        latin = _PAIRS.get(letter.lower())
        if latin is None:
            out.append(letter)
        elif letter.islower():
            out.append(latin)
        else:
            # A digraph is capitalised whole only inside a word in capitals: Њива, but ЊЕГОШ.
            neighbour = text[position + 1 : position + 2] or text[max(position - 1, 0) : position]
            out.append(latin.upper() if neighbour.isupper() else latin.capitalize())
    return "".join(out)
