//! The `curl` commands that repeat by hand the requests behind a shortlist.

use std::fmt;

/// Prints as lines to copy into a shell. They need `curl` and `sed`, nothing else.
#[derive(Debug)]
pub(crate) struct Commands<'a> {
    pub(crate) base_url: &'a str,
    pub(crate) email: &'a str,
    pub(crate) password: &'a str,
    /// One of this account's projects.
    pub(crate) project_id: &'a str,
}

impl fmt::Display for Commands<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base_url, email, password, project_id } = self;
        write!(
            f,
            r#"# sign in as the client
TOKEN=$(curl -s {base_url}/sessions -H 'content-type: application/json' \
  -d '{{"email":"{email}","password":"{password}"}}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')

# the client's projects, and the matches of the one above
curl -s -H "authorization: Bearer $TOKEN" {base_url}/accounts/me/projects
curl -s -H "authorization: Bearer $TOKEN" '{base_url}/projects/{project_id}/matches?limit=10'

# the same of everybody, whether or not they have one of the skills it asks for
curl -s -H "authorization: Bearer $TOKEN" '{base_url}/projects/{project_id}/matches?min_skill_overlap=0'

# score records of your own: no account, nothing stored
curl -s {base_url}/matches/score -H 'content-type: application/json' -d '{{
  "project": {{"title": "Payment API", "skills": ["Rust", "AWS Lambda"]}},
  "freelancers": [{{"headline": "Payments in Rust", "skills": ["Rust"], "rating": 4.8, "completed_jobs": 31}},
                  {{"headline": "Portraits in oil", "skills": ["Painting"]}}]}}'"#
        )
    }
}
