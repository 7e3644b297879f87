//! `GET /api/docs`: the API description as a page to read. Written by the server from the description itself, without
//! scripts, so that nothing is asked of anybody else.

use std::{fmt::Write as _, sync::LazyLock};

use axum::http::HeaderValue;
use serde_json::Value;

use super::{
    error::Code,
    openapi,
    path::Answer,
    query::{NoParameters, Strict},
    representation::{Asked, Caching, Representation},
    web::secure,
};
use crate::html::escape;

const STYLE: &str = include_str!("docs.css");

static PAGE: LazyLock<Representation> = LazyLock::new(|| {
    let page = render(&openapi::document());
    let media_type = HeaderValue::from_static("text/html; charset=utf-8");
    Representation::new(page, media_type, Caching::Revalidate).compressed()
});

/// The page.
pub(super) async fn page(Strict(NoParameters): Strict<NoParameters>, asked: Asked) -> Answer {
    let mut response = PAGE.clone().answer(&asked);
    secure(response.headers_mut());
    Ok(response)
}

fn render(api: &Value) -> String {
    let mut page = Page(String::new());
    let version = text(&api["info"]["version"]);
    page.raw(&format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Refugia API</title><style>{STYLE}</style><body><main>"
    ));
    page.element("h1", &format!("Refugia API {version}"));
    for paragraph in text(&api["info"]["description"]).split("\n\n") {
        page.element("p", paragraph);
    }
    page.raw("<p><a href=\"/api/openapi.json\">openapi.json</a></p>");
    for (path, item) in entries(&api["paths"]) {
        for (method, operation) in entries(item) {
            page.operation(method, path, operation);
        }
    }
    page.raw("<h2 id=\"problems\">Problems</h2><table><tr><th>code<th>status<th>when</tr>");
    for code in Code::ALL {
        let word = code.as_str();
        page.raw(&format!(
            "<tr id=\"{word}\"><td><code>{word}</code><td>{}<td>",
            code.status().as_u16()
        ));
        page.words(code.meaning().trim());
        page.raw("</tr>");
    }
    page.raw("</table><h2 id=\"schemas\">Schemas</h2>");
    for (name, schema) in entries(&api["components"]["schemas"]) {
        page.schema(name, schema);
    }
    page.raw("</main></html>");
    page.0
}

/// A page being written.
struct Page(String);

impl Page {
    fn raw(&mut self, html: &str) {
        self.0.push_str(html);
    }

    /// Text, with what HTML would read otherwise written safely and `code` marked.
    fn words(&mut self, words: &str) {
        for (index, part) in words.split('`').enumerate() {
            let safe = escape(part);
            if index % 2 == 1 {
                _ = write!(self.0, "<code>{safe}</code>");
            } else {
                self.0.push_str(&safe);
            }
        }
    }

    fn element(&mut self, tag: &str, words: &str) {
        self.raw(&format!("<{tag}>"));
        self.words(words);
        self.raw(&format!("</{tag}>"));
    }

    fn operation(&mut self, method: &str, path: &str, operation: &Value) {
        self.raw(&format!("<section id=\"{}\">", text(&operation["operationId"])));
        self.element("h2", &format!("{} {path}", method.to_uppercase()));
        self.element("p", &text(&operation["summary"]));
        if !operation["description"].is_null() {
            self.element("p", &text(&operation["description"]));
        }
        if let Some(parameters) = operation["parameters"].as_array() {
            self.raw("<table><tr><th>parameter<th>in<th>type<th>meaning</tr>");
            for parameter in parameters {
                self.parameter(parameter);
            }
            self.raw("</table>");
        }
        self.raw("<table><tr><th>status<th>body<th>when</tr>");
        for (status, response) in entries(&operation["responses"]) {
            self.raw(&format!("<tr><td>{status}<td>"));
            for (media_type, content) in entries(&response["content"]) {
                self.element("div", media_type);
                self.kind(&content["schema"]);
            }
            self.raw("<td>");
            self.words(&text(&response["description"]));
            self.raw("</tr>");
        }
        self.raw("</table></section>");
    }

    fn parameter(&mut self, parameter: &Value) {
        let needed = if parameter["required"] == true {
            " <b>needed</b>"
        } else {
            ""
        };
        self.raw("<tr><td>");
        self.element("code", &text(&parameter["name"]));
        self.raw(&format!("{needed}<td>{}<td>", text(&parameter["in"])));
        self.kind(&parameter["schema"]);
        self.raw("<td>");
        self.words(&text(&parameter["description"]));
        self.raw("</tr>");
    }

    fn schema(&mut self, name: &str, schema: &Value) {
        self.raw(&format!("<section id=\"schema-{name}\">"));
        self.element("h3", name);
        self.element("p", &text(&schema["description"]));
        let parts: Vec<&Value> = match schema["allOf"].as_array() {
            Some(parts) => parts.iter().collect(),
            None => vec![schema],
        };
        for part in parts {
            if part["properties"].is_null() {
                self.kind(part);
                continue;
            }
            self.raw("<table><tr><th>property<th>type<th>meaning</tr>");
            for (property, kind) in entries(&part["properties"]) {
                self.raw("<tr><td>");
                self.element("code", property);
                self.raw("<td>");
                self.kind(kind);
                self.raw("<td>");
                self.words(&text(&kind["description"]));
                self.raw("</tr>");
            }
            self.raw("</table>");
        }
        self.raw("</section>");
    }

    /// The type of a value: a link to a schema, words to choose from, or a plain type.
    fn kind(&mut self, schema: &Value) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            self.raw(&format!("<a href=\"#schema-{name}\">{name}</a>"));
        } else if let Some(words) = schema["enum"].as_array() {
            let words: Vec<String> = words.iter().map(text).collect();
            self.element("code", &words.join(" | "));
        } else if let Some(parts) = ["oneOf", "anyOf", "allOf"]
            .iter()
            .find_map(|key| schema[key].as_array())
        {
            for (index, part) in parts.iter().enumerate() {
                self.raw(if index > 0 { " or " } else { "" });
                self.kind(part);
            }
        } else if schema["items"].is_object() {
            self.raw("list of ");
            self.kind(&schema["items"]);
        } else if schema["additionalProperties"].is_object() {
            self.raw("map to ");
            self.kind(&schema["additionalProperties"]);
        } else {
            let plain = match &schema["type"] {
                Value::Array(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
                other => text(other),
            };
            self.words(&plain);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_operation_problem_and_schema_and_asks_nothing_of_others() {
        let api = openapi::document();
        let page = render(&api);
        for (path, _) in entries(&api["paths"]) {
            assert!(page.contains(path), "{path}");
        }
        for (name, _) in entries(&api["components"]["schemas"]) {
            assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
        for code in Code::ALL {
            assert!(page.contains(&format!("id=\"{}\"", code.as_str())));
        }
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"));
    }
}
