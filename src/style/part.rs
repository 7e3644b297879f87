//! One layer of a style, and the expressions that several layers share.

use serde_json::{Map, Value, json};

use crate::{
    catalog::{Layer, Role},
    messages::Lang,
};

/// The source that joins the layers of the base map.
pub(super) const BASE_SOURCE: &str = "base";

/// What a style layer belongs to on the screen's list of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Base,
    Hazards,
    Shelters,
    Facilities,
}

impl Group {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Hazards => "hazards",
            Self::Shelters => "shelters",
            Self::Facilities => "facilities",
        }
    }
}

/// The group of a role.
pub(super) const fn group(role: Role) -> Group {
    match role {
        Role::AdminArea | Role::Settlement | Role::Reference | Role::Road => Group::Base,
        Role::HazardZone => Group::Hazards,
        Role::Shelter | Role::RescueTeam => Group::Shelters,
        Role::ChemicalPark | Role::Facility => Group::Facilities,
    }
}

/// Whether the layers of a role are shown before anybody switches anything: the way to safety, and what may endanger it
/// at all times.
const fn is_default(role: Role) -> bool {
    !matches!(role, Role::HazardZone | Role::RescueTeam)
}

/// Whether the layers of a role come in the base map's tiles.
pub(super) const fn is_in_base_source(role: Role) -> bool {
    matches!(role, Role::AdminArea | Role::Settlement | Role::Reference)
}

/// The metadata every style layer carries.
pub(super) fn metadata(layer: &str, group: Group, is_default: bool) -> Value {
    json!({ "refugia:layer": layer, "refugia:group": group.as_str(), "refugia:default": is_default })
}

/// A style layer in the making.
#[derive(Debug)]
pub(super) struct Part(Map<String, Value>);

impl Part {
    /// A style layer of a type (`fill`, `line`, `circle`, `symbol`) for a layer of the pack.
    pub(super) fn new(layer: &Layer, part: &str, kind: &str) -> Self {
        let id = layer.id().as_str();
        let is_default = is_default(layer.role());
        let source = if is_in_base_source(layer.role()) {
            BASE_SOURCE
        } else {
            id
        };
        let visibility = if is_default { "visible" } else { "none" };
        let members = [
            ("id", json!(format!("{id}:{part}"))),
            ("type", json!(kind)),
            ("source", json!(source)),
            ("source-layer", json!(id)),
            ("metadata", metadata(id, group(layer.role()), is_default)),
            ("layout", json!({ "visibility": visibility })),
        ];
        Self(
            members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    /// Only features that fulfil the expression.
    pub(super) fn filter(mut self, expression: Value) -> Self {
        self.0.insert("filter".to_owned(), expression);
        self
    }

    /// Drawn from this zoom on.
    pub(super) fn above_zoom(mut self, zoom: f64) -> Self {
        self.0.insert("minzoom".to_owned(), json!(zoom));
        self
    }

    /// Drawn below this zoom.
    pub(super) fn below_zoom(mut self, zoom: f64) -> Self {
        self.0.insert("maxzoom".to_owned(), json!(zoom));
        self
    }

    /// Adds layout properties.
    pub(super) fn layout(mut self, properties: Value) -> Self {
        if let (Some(Value::Object(layout)), Value::Object(properties)) = (self.0.get_mut("layout"), properties) {
            layout.extend(properties);
        }
        self
    }

    /// Sets the paint properties.
    pub(super) fn paint(mut self, properties: Value) -> Self {
        self.0.insert("paint".to_owned(), properties);
        self
    }

    /// The style layer.
    pub(super) fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// A number that grows with the zoom through these stops.
pub(super) fn by_zoom(stops: &[(f64, f64)]) -> Value {
    let mut expression = vec![json!("interpolate"), json!(["linear"]), json!(["zoom"])];
    expression.extend(stops.iter().flat_map(|&(zoom, value)| [json!(zoom), json!(value)]));
    Value::Array(expression)
}

/// The name in a language, in the other one where only that is known.
pub(super) fn name(lang: Lang) -> Value {
    match lang {
        Lang::Zh => json!(["coalesce", ["get", "name_zh"], ["get", "name_en"], ""]),
        Lang::En => json!(["coalesce", ["get", "name_en"], ["get", "name_zh"], ""]),
    }
}

/// The name with the one in the other language small below it, where that is another.
pub(super) fn both_names(lang: Lang) -> Value {
    let other = match lang {
        Lang::Zh => "name_en",
        Lang::En => "name_zh",
    };
    let differs = json!(["!=", ["coalesce", ["get", other], name(lang)], name(lang)]);
    let second = json!(["case", differs, ["concat", "\n", ["get", other]], ""]);
    json!(["format", name(lang), {}, second, { "font-scale": 0.72 }])
}

/// Fonts of labels: the device's own. The weight is read from the first name (the family itself need not exist).
pub(super) fn fonts(is_strong: bool) -> Value {
    let first = if is_strong {
        "Noto Sans SC Medium"
    } else {
        "Noto Sans SC"
    };
    json!([first, "PingFang SC", "Microsoft YaHei", "system-ui", "sans-serif"])
}
