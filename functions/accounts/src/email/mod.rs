//! E-mail addresses: confirming one by a link in a letter, and changing one's own.

mod change;
mod confirmation;

pub(crate) use self::{
    change::{__path_change_my_email, change_my_email},
    confirmation::{__path_confirm_email, confirm_email},
};
