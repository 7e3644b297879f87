"""English names of Chinese divisions: pinyin without tones, the GB/T 28039 apostrophe, and the usual word for the kind."""

from pypinyin import Style, lazy_pinyin

# Longest first, so that an ethnic township is not read as a plain one.
KINDS = [
    ("畲族乡", "She Ethnic Township"), ("回族乡", "Hui Ethnic Township"), ("民族乡", "Ethnic Township"),
    ("街道", "Subdistrict"), ("镇", "Town"), ("乡", "Township"), ("县", "County"), ("区", "District"), ("市", "City"),
]

# Readings that a general dictionary gets wrong for Fujian place names.
READINGS = {
    "都": "du", "厦": "xia", "圩": "xu", "长": "chang", "马尾": "ma wei", "太姥": "tai mu", "佛昙": "fo tan", "将乐": "jiang le", "大埔": "da bu",
    "埔": "pu", "厝": "cuo", "漈": "ji", "𬇙": "bei", "岵": "hu", "莒": "ju", "参内": "can nei", "龙教": "long jiao",
}


def english(name: str) -> str:
    """`闽侯县` -> `Minhou County`; a name without a known ending is only romanised."""
    for ending, word in KINDS:
        if name.endswith(ending) and len(name) > len(ending) + (len(ending) == 1):
            return f"{romanise(name.removesuffix(ending))} {word}"
    # Two-character names such as 沙县 keep their last syllable in the proper name.
    for ending, word in KINDS:
        if name.endswith(ending) and len(name) == 2:
            return f"{romanise(name)} {word}"
    return romanise(name)


def romanise(name: str) -> str:
    """One capitalised word; an apostrophe before a later syllable that begins with a, e or o."""
    joined = ""
    for syllable in syllables(name):
        if joined and syllable[0] in "aeo":
            joined += "'"
        joined += syllable
    return joined[:1].upper() + joined[1:]


def syllables(name: str) -> list[str]:
    result, rest = [], name
    while rest:
        key = next((k for k in sorted(READINGS, key=len, reverse=True) if rest.startswith(k)), None)
        if key:
            result += READINGS[key].split()
            rest = rest[len(key):]
            continue
        stop = min((i for k in READINGS if (i := rest.find(k)) > 0), default=len(rest))
        result += [s.replace("ü", "yu") for s in lazy_pinyin(rest[:stop], style=Style.NORMAL, v_to_u=True)]
        rest = rest[stop:]
    return result
