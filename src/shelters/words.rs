//! The closed vocabularies of the shelter record (GB/T 44013-2024 for grade, space, function and duration).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::vocabulary;

vocabulary! {
    /// An officer's decision about a shelter (状态).
    Status {
        /// Not built or not equipped yet.
        Planned = "planned",
        /// Ready to be opened.
        Standby = "standby",
        /// Taking people in.
        Open = "open",
        /// Open, with no room left.
        Full = "full",
        /// Not taking people in.
        Closed = "closed",
        /// Damaged or endangered: nobody may go there.
        Unsafe = "unsafe",
        /// Nobody has said.
        Unknown = "unknown",
    }
}

impl Status {
    /// Whether people may be sent to a shelter of this status: open and standby, and unknown, which is shown as
    /// unknown. With `include_closed` also full and closed ones, for those who want to know what exists; never planned
    /// ones, where there is nothing yet, nor unsafe ones, which are a danger.
    pub const fn is_usable(self, include_closed: bool) -> bool {
        match self {
            Self::Open | Self::Standby | Self::Unknown => true,
            Self::Full | Self::Closed => include_closed,
            Self::Planned | Self::Unsafe => false,
        }
    }
}

vocabulary! {
    /// Who runs a shelter.
    Grade {
        /// Province.
        Province = "province",
        /// City (prefecture).
        City = "city",
        /// County or district.
        County = "county",
        /// Township or street.
        Township = "township",
        /// Village or community.
        Village = "village",
    }
}

vocabulary! {
    /// Whether a shelter has a roof.
    Space {
        /// In a building.
        Indoor = "indoor",
        /// In the open.
        Outdoor = "outdoor",
    }
}

vocabulary! {
    /// How many purposes a shelter serves.
    Function {
        /// Comprehensive: several.
        Comprehensive = "comprehensive",
        /// One.
        Single = "single",
        /// One special one, such as a toxic-gas refuge.
        Specific = "specific",
    }
}

vocabulary! {
    /// How long people can stay.
    DurationClass {
        /// Emergency: hours to a day.
        Emergency = "emergency",
        /// Short term.
        Short = "short",
        /// Long term.
        Long = "long",
    }
}

vocabulary! {
    /// What a shelter is designated for by law, where the law tells them apart.
    LegalKind {
        /// To flee to, now.
        Flee = "flee",
        /// To stay in, afterwards.
        Stay = "stay",
    }
}
