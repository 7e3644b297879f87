//! Search: finding a named thing by what a person types, in Chinese, pinyin or English, or by its code.
//!
//! Owns the reading of names (pinyin), the sorted tables over them, the ranking, and the words that tell
//! where a thing lies. What a hit looks like in an answer is decided by the caller.
//!
//! A query is tried tier by tier ([`Match`], best first) and stops when enough is found:
//!
//! 1. **Text** (exact, prefix, word prefix, substring): one sorted table of every place in every name where a match
//!    may begin, searched by bisection.
//! 2. **Parts**: the query's words in any order, each found in that table.
//! 3. **Pinyin** (whole syllables, then initials): sorted tables of the first letters from every character on, under
//!    every reading of every character; what goes beyond those letters is checked character by character.
//! 4. **Fuzzy**: words within a small edit distance.
//!
//! Within a tier the more important comes first (province, city, county, town …), then the nearer to the bias, then
//! the smaller id, so that the same question always gets the same answer.

mod areas;
mod fuzzy;
mod index;
#[cfg(test)]
mod oracle;
mod pinyin;
mod place;
mod rank;
mod text;

pub use index::{Hit, MAX_QUERY_CHARS, SearchIndex};
pub use rank::Match;

use crate::fold;
