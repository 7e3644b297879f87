//! Numbers as people write them: full-width digits, separators, 万, units, and words like 约.

use crate::{
    catalog::{Attribute, RawValue},
    import::normal::fold,
};

/// What a number counts or measures, as far as its unit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Dimension {
    /// No unit.
    None = 0,
    /// Persons.
    Persons = 1,
    /// An area.
    Area = 2,
    /// A length.
    Length = 3,
    /// Households, which are no persons.
    Households = 4,
}

impl Dimension {
    /// How many there are.
    pub(in crate::import) const COUNT: usize = 5;
}

/// A unit and how many of the SI unit (or persons) it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::import) struct Unit {
    /// What it measures.
    pub(in crate::import) dimension: Dimension,
    /// How much it is.
    pub(in crate::import) factor: f64,
}

/// 亩: a fifteenth of a hectare (China, 1959).
const MU_M2: f64 = 2000.0 / 3.0;
/// 坪: (20/11 m)², the measure of Japan's law of 1891 and of Taiwan.
const PING_M2: f64 = 400.0 / 121.0;

/// Units, folded, the square metre sign being `m2` then.
const UNITS: &[(Dimension, f64, &[&str])] = &[
    (
        Dimension::Persons,
        1.0,
        &["人", "名", "persons", "person", "people", "pax"],
    ),
    (Dimension::Persons, 1e4, &["万人"]),
    (
        Dimension::Area,
        1.0,
        &[
            "m2",
            "平方米",
            "平米",
            "平方公尺",
            "平方メートル",
            "sqm",
            "sq m",
            "sq.m",
            "sq. m",
            "square metres",
            "square meters",
        ],
    ),
    (
        Dimension::Area,
        1e4,
        &["公顷", "ha", "hectare", "hectares", "ヘクタール"],
    ),
    (Dimension::Area, 1e6, &["平方公里", "平方千米", "km2"]),
    (Dimension::Area, MU_M2, &["亩", "市亩", "mu"]),
    (Dimension::Area, PING_M2, &["坪", "ping"]),
    (
        Dimension::Length,
        1.0,
        &["m", "米", "公尺", "メートル", "metres", "meters", "metre", "meter"],
    ),
    (Dimension::Households, 1.0, &["户", "家庭", "household", "households"]),
];

/// Words before a number that is not exact.
const ABOUT: &[&str] = &[
    "大约",
    "约为",
    "约",
    "大概",
    "近",
    "概",
    "およそ",
    "about",
    "approx.",
    "approx",
    "ca.",
    "~",
    "≈",
    "≒",
];
/// Words behind one. What only bounds it (以上, 以下, +) is not among them: such a value is no number.
const OR_SO: &[&str] = &["左右", "上下", "前后", "程度", "余"];

/// A number with its unit applied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::import) struct Number {
    /// The value in the SI unit, or in persons.
    pub(in crate::import) value: f64,
    /// What its unit measures.
    pub(in crate::import) dimension: Dimension,
    /// Whether the value is not as it is written: another unit than ours.
    pub(in crate::import) is_converted: bool,
    /// Whether it is said to be about so many.
    pub(in crate::import) is_approximate: bool,
}

/// What an attribute's numbers must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Quantity {
    /// Persons, not negative.
    Persons,
    /// Square metres, not negative.
    Area,
    /// Metres.
    Length,
    /// A bare number.
    Plain,
}

impl Quantity {
    /// Of an attribute whose values are numbers.
    pub(in crate::import) const fn of(attribute: Attribute) -> Self {
        match attribute {
            Attribute::Capacity | Attribute::Population => Self::Persons,
            Attribute::EffectiveArea => Self::Area,
            Attribute::Elevation | Attribute::Precision | Attribute::Depth => Self::Length,
            _ => Self::Plain,
        }
    }

    /// What it is called in messages.
    pub(in crate::import) const fn as_str(self) -> &'static str {
        match self {
            Self::Persons => "a number of persons",
            Self::Area => "an area in m², 公顷, 亩 or 坪",
            Self::Length => "a number of metres",
            Self::Plain => "a number",
        }
    }

    const fn dimension(self) -> Dimension {
        match self {
            Self::Persons => Dimension::Persons,
            Self::Area => Dimension::Area,
            Self::Length => Dimension::Length,
            Self::Plain => Dimension::None,
        }
    }

    /// Whether numbers of a dimension can be it, given the unit in the column's name.
    pub(in crate::import) fn takes(self, dimension: Dimension, header: Option<Unit>) -> bool {
        let dimension = match (dimension, header) {
            (Dimension::None, Some(unit)) => unit.dimension,
            (dimension, _) => dimension,
        };
        dimension == Dimension::None || dimension == self.dimension()
    }

    /// Whether it may be below zero.
    pub(in crate::import) const fn may_be_negative(self) -> bool {
        matches!(self, Self::Length | Self::Plain)
    }

    /// The value of a number in a column whose name has a unit; a unit beside the number is the nearer word. `None`
    /// where the number cannot be this quantity.
    pub(in crate::import) fn value(self, number: Number, header: Option<Unit>) -> Option<f64> {
        let fits = self.takes(number.dimension, header) && (number.value >= 0.0 || self.may_be_negative());
        let factor = match (number.dimension, header) {
            (Dimension::None, Some(unit)) => unit.factor,
            _ => 1.0,
        };
        fits.then_some(number.value * factor)
    }
}

/// The unit of a folded word.
fn unit(word: &str) -> Option<Unit> {
    let known = UNITS.iter().find(|(_, _, words)| words.contains(&word));
    known.map(|(dimension, factor, _)| Unit {
        dimension: *dimension,
        factor: *factor,
    })
}

/// The unit that a column's name gives its plain numbers: in brackets (`面积（亩）`, `Area (ha)`), as the last word
/// (`area_ha`), or at the end of a name in Chinese where it cannot be anything else.
pub(in crate::import) fn header_unit(column: &str) -> Option<Unit> {
    let folded = fold(column);
    let inside = folded.rsplit_once(['(', '[', '【', '〔']);
    if let Some((_, remark)) = inside {
        let remark = remark.trim_end_matches([')', ']', '】', '〕', ' ']);
        let remark = remark.trim_start_matches("单位").trim_start_matches([':', ' ']);
        if let Some(unit) = unit(remark) {
            return Some(unit);
        }
    }
    let last = folded.rsplit(['_', '-', ' ', '/']).next().unwrap_or_default();
    let with_separator = last.len() < folded.len();
    if with_separator && let Some(unit) = unit(last) {
        return Some(unit);
    }
    let ends = ["平方米", "平方公里", "公顷", "亩", "坪", "万人", "户数", "户"];
    let end = ends.iter().find(|end| folded.ends_with(**end))?;
    unit(end.trim_end_matches('数'))
}

/// A number, with thousands separators, a unit and words like 约 understood.
///
/// Ranges (`200-300`), bounds (`300人以上`), exponents, Chinese numerals and unknown units are no numbers.
pub(in crate::import) fn number(value: &RawValue<'_>) -> Option<Number> {
    let plain = |value| Number {
        value,
        dimension: Dimension::None,
        is_converted: false,
        is_approximate: false,
    };
    match value {
        RawValue::Int(value) => Some(plain(*value as f64)),
        RawValue::Float(value) => Some(plain(*value)),
        RawValue::Bool(_) => None,
        RawValue::Text(text) if is_bare(text.trim()) => text.trim().parse().ok().map(plain),
        RawValue::Text(text) => {
            let mut digits = text.chars().filter(|char| matches!(char, '0'..='9' | '０'..='９'));
            digits.next()?;
            written(&fold(text))
        }
    }
}

/// Digits with at most one point between them and a minus before: what nearly every number is.
fn is_bare(text: &str) -> bool {
    let bytes = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let ends_in_digits = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    ends_in_digits(bytes.first())
        && ends_in_digits(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && text.matches('.').count() <= 1
}

fn written(text: &str) -> Option<Number> {
    let bare = ABOUT.iter().find_map(|word| text.strip_prefix(word));
    let mut is_approximate = bare.is_some();
    let text = bare.unwrap_or(text).trim_start();
    let signed = text.strip_prefix(['-', '+']).unwrap_or(text);
    let length = signed
        .find(|char: char| !matches!(char, '0'..='9' | '.' | ','))
        .unwrap_or(signed.len());
    let (head, mut rest) = text.split_at(text.len() - signed.len() + length);
    let mut value: f64 = without_separators(head)?.parse().ok()?;
    let mut is_converted = false;
    for (numeral, factor) in [("千", 1e3), ("万", 1e4), ("亿", 1e8)] {
        if let Some(after) = rest.trim_start().strip_prefix(numeral) {
            (rest, is_converted) = (after, true);
            value *= factor;
            break;
        }
    }
    let mut found = None;
    let mut rest = rest.trim();
    while !rest.is_empty() {
        if let Some(after) = OR_SO.iter().find_map(|word| rest.strip_prefix(word)) {
            (rest, is_approximate) = (after.trim_start(), true);
            continue;
        }
        let end = OR_SO
            .iter()
            .filter_map(|word| rest.find(word))
            .min()
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let inside = word.trim().strip_prefix('(').and_then(|word| word.strip_suffix(')'));
        if found.is_some() {
            return None;
        }
        found = Some(unit(inside.unwrap_or(word).trim())?);
        rest = after;
    }
    let unit = found.unwrap_or(Unit {
        dimension: Dimension::None,
        factor: 1.0,
    });
    Some(Number {
        value: value * unit.factor,
        dimension: unit.dimension,
        is_converted: is_converted || unit.factor != 1.0,
        is_approximate,
    })
    .filter(|number| number.value.is_finite())
}

/// Takes out commas that stand before groups of three digits; `None` where they stand otherwise.
fn without_separators(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.trim_start_matches(['-', '+']).split(',');
    let first = groups.next().unwrap_or_default();
    let is_grouped = groups.all(|group| group.len() == 3 && digits(group));
    let commas_fit = !whole.contains(',') || (1..=3).contains(&first.len());
    let is_number = !first.is_empty() && digits(first) && !fraction.is_empty() && digits(fraction);
    (is_grouped && commas_fit && is_number).then(|| text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> Option<Number> {
        number(&RawValue::Text(written.into()))
    }

    #[test]
    fn numbers_are_read_with_separators_and_units() {
        for (written, value, dimension) in [
            ("1200", 1200.0, Dimension::None),
            ("1,200人", 1200.0, Dimension::Persons),
            ("300 名", 300.0, Dimension::Persons),
            ("１２００人", 1200.0, Dimension::Persons),
            ("12.5㎡", 12.5, Dimension::Area),
            ("12.5 m²", 12.5, Dimension::Area),
            ("-1", -1.0, Dimension::None),
            ("＋5", 5.0, Dimension::None),
            ("1，000", 1000.0, Dimension::None),
            ("1.2万人", 12_000.0, Dimension::Persons),
            ("3千", 3000.0, Dimension::None),
            ("2萬", 20_000.0, Dimension::None),
            ("300(人)", 300.0, Dimension::Persons),
            ("3亩", 2000.0, Dimension::Area),
            ("1.5公頃", 15_000.0, Dimension::Area),
            ("121坪", 400.0, Dimension::Area),
            ("20户", 20.0, Dimension::Households),
            ("8.5公尺", 8.5, Dimension::Length),
        ] {
            let number = read(written).unwrap_or_else(|| panic!("{written}"));
            assert!((number.value - value).abs() < 1e-9, "{written} {number:?}");
            assert_eq!(number.dimension, dimension, "{written}");
            assert!(!number.is_approximate, "{written}");
        }
    }

    #[test]
    fn about_so_many_is_read_and_said_to_be() {
        for written in [
            "约300",
            "約300人",
            "大约 300",
            "～300",
            "300人左右",
            "300余人",
            "300左右",
            "about 300",
            "近300名",
        ] {
            let number = read(written).unwrap_or_else(|| panic!("{written}"));
            assert_eq!((number.value, number.is_approximate), (300.0, true), "{written}");
        }
    }

    #[test]
    fn what_is_no_single_number_is_none() {
        for written in [
            "12,34",
            "1234,567",
            ",100",
            "inf",
            "NaN",
            "1e3",
            "",
            "人",
            "3-5",
            "200~300",
            "200～300人",
            "300人以上",
            "300+",
            "≥300",
            "1万2千",
            "三百",
            "300間",
            "300人300人",
            "1.2.3",
            "5.",
            "300人(预计)",
            "2024/5/6",
            "约",
            "0x10",
            "300人/500人",
            "m2",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
    }

    #[test]
    fn households_are_no_persons_and_areas_no_capacities() {
        let persons = |written| Quantity::Persons.value(read(written).unwrap(), None);
        assert_eq!(persons("20户"), None);
        assert_eq!(persons("20㎡"), None);
        assert_eq!(persons("-20"), None);
        assert_eq!(persons("20人"), Some(20.0));
        assert_eq!(Quantity::Area.value(read("20").unwrap(), None), Some(20.0));
        assert_eq!(Quantity::Length.value(read("-3.5m").unwrap(), None), Some(-3.5));
    }

    #[test]
    fn the_unit_in_a_columns_name_counts_where_the_cell_has_none() {
        let value = |column: &str, quantity: Quantity, written: &str| {
            quantity.value(read(written).unwrap(), header_unit(column))
        };
        assert_eq!(value("有效面积（公顷）", Quantity::Area, "2"), Some(20_000.0));
        assert_eq!(value("有效面积（公顷）", Quantity::Area, "2㎡"), Some(2.0));
        assert_eq!(value("area_ha", Quantity::Area, "2"), Some(20_000.0));
        assert_eq!(value("面积【单位：亩】", Quantity::Area, "3"), Some(2000.0));
        assert_eq!(value("收容面積(平方公尺)", Quantity::Area, "3"), Some(3.0));
        assert_eq!(value("容纳人数（万人）", Quantity::Persons, "1.5"), Some(15_000.0));
        assert_eq!(value("可收容人數(人)", Quantity::Persons, "15"), Some(15.0));
        assert_eq!(value("容纳户数", Quantity::Persons, "15"), None);
        assert_eq!(value("Capacity (households)", Quantity::Persons, "15"), None);
        for none in ["容纳人数", "name", "m", "capacity_p", "备注（2024）"] {
            assert_eq!(header_unit(none), None, "{none}");
        }
    }

    #[test]
    fn units_are_written_in_the_form_they_are_compared_in() {
        for word in UNITS
            .iter()
            .flat_map(|(_, _, words)| words.iter())
            .chain(ABOUT)
            .chain(OR_SO)
        {
            assert_eq!(fold(word), *word);
        }
    }
}
