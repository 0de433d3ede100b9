use maud::{Markup, html};

use crate::console::assets;

macro_rules! icons {
    ($($(#[$meta:meta])* $name:ident = $file:literal,)+) => {
        /// A picture of the size of a letter; each is one of Tabler's icons.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon {
            $($(#[$meta])* $name,)+
        }

        impl Icon {
            /// All of them.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its name among Tabler's.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $file,)+
                }
            }
        }
    };
}

icons! {
    /// What happens.
    Activity = "activity",
    /// Values that can be set.
    Adjust = "adjustments-horizontal",
    /// Something is wrong.
    AlertCircle = "alert-circle",
    /// Something may go wrong.
    AlertTriangle = "alert-triangle",
    /// Put away.
    Archive = "archive",
    /// Take back.
    Undo = "arrow-back-up",
    /// Falling.
    Down = "arrow-down",
    /// Rising.
    Up = "arrow-up",
    /// Two versions.
    Diff = "arrows-diff",
    /// A company.
    Building = "building",
    /// A day.
    Calendar = "calendar",
    /// Figures.
    Chart = "chart-bar",
    /// Chosen.
    Check = "check",
    /// More below.
    ChevronDown = "chevron-down",
    /// Back.
    ChevronLeft = "chevron-left",
    /// On.
    ChevronRight = "chevron-right",
    /// Done.
    CircleCheck = "circle-check",
    /// Failed.
    CircleX = "circle-x",
    /// A moment.
    Clock = "clock",
    /// A document.
    Code = "code",
    /// Columns of a table.
    Columns = "columns-3",
    /// Copy.
    Copy = "copy",
    /// Money.
    Card = "credit-card",
    /// This screen.
    Screen = "device-desktop",
    /// Further acts.
    Dots = "dots-vertical",
    /// Take away as a file.
    Download = "download",
    /// Change.
    Edit = "edit",
    /// Leads out of the console.
    External = "external-link",
    /// Show.
    Eye = "eye",
    /// Hidden.
    EyeOff = "eye-off",
    /// A text.
    File = "file-text",
    /// Narrow a list.
    Filter = "filter",
    /// Two beside each other.
    Compare = "git-compare",
    /// A change.
    Change = "git-pull-request",
    /// What was.
    History = "history",
    /// The start.
    Home = "home",
    /// Something to know.
    Info = "info-circle",
    /// A key.
    Key = "key",
    /// Shortcuts.
    Keyboard = "keyboard",
    /// Overview.
    Dashboard = "layout-dashboard",
    /// Rows with what they hold.
    List = "list-details",
    /// Locked.
    Lock = "lock",
    /// Not locked.
    Unlock = "lock-open",
    /// Come in.
    Login = "login",
    /// Go out.
    Logout = "logout",
    /// The navigation.
    Menu = "menu-2",
    /// Dark.
    Moon = "moon",
    /// Customizations.
    Packages = "packages",
    /// Colours.
    Palette = "palette",
    /// Add.
    Plus = "plus",
    /// Once more.
    Refresh = "refresh",
    /// Deployments.
    Rocket = "rocket",
    /// Find.
    Search = "search",
    /// Can be sorted.
    Selector = "selector",
    /// The system.
    Server = "server-cog",
    /// Settings.
    Settings = "settings",
    /// A secret.
    Shield = "shield-lock",
    /// Light.
    Sun = "sun",
    /// Templates.
    Template = "template",
    /// Remove.
    Trash = "trash",
    /// Bring in a file.
    Upload = "upload",
    /// Somebody.
    User = "user",
    /// Clients.
    Users = "users",
    /// People.
    UsersGroup = "users-group",
    /// The web.
    World = "world",
    /// Close.
    X = "x",
}

/// An icon; it says nothing to whoever doesn't see it, so that words beside it or a label have to.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon aria-hidden="true" { use href={ (assets::url("icons.svg")) "#" (icon.name()) } {} }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_every_icon_and_no_other() {
        let mut used: Vec<&str> = Icon::ALL.iter().map(|icon| icon.name()).collect();
        used.sort_unstable();
        let mut there = assets::icons();
        there.sort_unstable();
        assert_eq!(there, used, "assets/icons.txt names the icons that the file is made of");
    }
}
