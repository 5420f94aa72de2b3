//! `pairwork up --import-resumes … --import-jobs …` on small folders: what is printed, and what the market then holds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A market that was filled. Dropping it kills it.
struct Market {
    child: Child,
    base_url: String,
    /// The lines behind `ready`, up to the last one of an import.
    printed: Vec<String>,
}

impl Market {
    fn import(options: &[&str]) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_pairwork"))
            .args(["up", "--port", "0"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut market = Self { child, base_url: String::new(), printed: Vec::new() };
        let lines = BufReader::new(market.child.stdout.take().unwrap()).lines();
        for line in lines.map(Result::unwrap) {
            if let Some(base_url) = line.strip_prefix("ready ") {
                market.base_url = base_url.to_owned();
                continue;
            }
            let is_last = line.starts_with("# and a generated login");
            market.printed.push(line.split_whitespace().collect::<Vec<_>>().join(" "));
            if is_last {
                break;
            }
        }
        market
    }

    /// The table whose heading is `heading`, without its lines.
    fn table(&self, heading: &str) -> Vec<&str> {
        let lines = self.printed.iter().map(String::as_str).skip_while(|line| *line != heading).skip(2);
        lines.take_while(|line| !line.starts_with('─')).collect()
    }

    async fn get(&self, path: &str) -> Value {
        reqwest::get(format!("{}{path}", self.base_url)).await.unwrap().json().await.unwrap()
    }
}

impl Drop for Market {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "import", name].iter().collect();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn resumes_and_jobs_become_a_market() {
    let data = tempfile::tempdir().unwrap();
    let (resumes, jobs) = (folder("resumes"), folder("jobs"));
    let options = ["--data", data.path().to_str().unwrap(), "--import-resumes", &resumes, "--import-jobs", &jobs];
    let market = Market::import(&options);

    let max = domain::values::MAX_SKILLS;
    let left_out = format!("{} skills left out: a record names at most {max}", 61 - max);
    assert_eq!(
        market.table("JSON Resume"),
        [
            "7 files",
            "3 taken",
            "1 biographies cut to 5000 characters",
            left_out.as_str(),
            "1 languages left out: not known",
            "4 refused",
            "cv.txt: is neither a .json nor a .jsonld file",
            "half-written.json: is not JSON: EOF while parsing a string at line 1 column 27",
            "utf-16.json: the file is in UTF-16. Save it as UTF-8",
            "package.json: is no JSON Resume: it has none of basics, work, skills, education and projects",
        ]
    );
    assert_eq!(
        market.table("JobPosting"),
        [
            "4 files",
            "3 taken",
            "1 records without skills: found in their text",
            "1 postings past their validThrough: expired, so neither listed nor matched",
            "2 refused",
            "no-title.json: has no title",
            "organization.json: holds no JobPosting",
        ]
    );
    let printed = market.printed.join("\n");
    for expected in ["Project: 결제 API 백엔드 개발자", "1 김민아 결제 백엔드 개발자"] {
        assert!(printed.contains(expected), "{printed}");
    }
    for personal in ["mina@personal.example", "010-0000-0000"] {
        assert!(!printed.contains(personal), "{printed}");
    }

    let freelancers = market.get("/freelancers").await;
    assert_eq!(freelancers["items"].as_array().unwrap().len(), 3);
    assert!(!freelancers.to_string().contains("personal.example"));
    let projects = market.get("/projects").await;
    let mut titles: Vec<&str> =
        projects["items"].as_array().unwrap().iter().map(|project| project["title"].as_str().unwrap()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Illustrator for a children's book", "결제 API 백엔드 개발자"], "the third has expired");

    drop(market);
    let again = Market::import(&options);
    assert!(
        again.printed.iter().any(|line| line.starts_with("0 accounts and projects written")),
        "{:?}",
        again.printed
    );
    assert_eq!(again.get("/freelancers").await["items"].as_array().unwrap().len(), 3);
}

#[test]
fn resumes_alone_have_no_shortlist() {
    let market = Market::import(&["--import-resumes", &folder("resumes")]);
    let expected = "No open project was imported, so there is no shortlist. --import-jobs DIR or --demo adds projects.";
    assert!(market.printed.iter().any(|line| line == expected), "{:?}", market.printed);
}
