//! HTML written by the program: text that comes from outside never becomes markup.
//!
//! Owns escaping and the page under construction. What stands on a page is the caller's.

use std::borrow::Cow;

/// Text as it may stand between tags and in quoted attributes (HTML, section 13.1).
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// A page being written. Markup is code, known when the program is compiled; everything else goes in escaped, so that no
/// value of a file can be taken for a tag.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    /// Markup.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, from wherever it comes.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escape(text));
        self
    }

    /// The page.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_would_read_is_written_safely() {
        assert_eq!(
            escape(r#"<img src=x onerror='alert("1")'> & 甲"#),
            "&lt;img src=x onerror=&#39;alert(&quot;1&quot;)&#39;&gt; &amp; 甲"
        );
        assert!(matches!(escape("福州一中"), Cow::Borrowed(_)));
        let mut page = Page::default();
        page.raw("<p>").text("</p><script>").raw("</p>");
        assert_eq!(page.finish(), "<p>&lt;/p&gt;&lt;script&gt;</p>");
    }
}
