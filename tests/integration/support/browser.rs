use std::collections::BTreeMap;
use std::sync::Mutex;

use hyper::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::server::{Answer, Call, Http};

/// The cookie of a session.
pub const SESSION: &str = "__Host-session";

/// Somebody's browser at the console: it keeps cookies, says where its requests come from, and follows nothing by itself.
pub struct Browser {
    http: Http,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    /// One that has been nowhere yet.
    pub fn new(http: &Http) -> Self {
        Self { http: http.clone(), cookies: Mutex::default() }
    }

    /// One in which somebody is signed in.
    pub async fn signed_in(http: &Http, email: &str, password: &str) -> Self {
        let browser = Self::new(http);
        let answer = browser.post("/sign-in", &[("email", email), ("password", password), ("next", "/")]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }

    /// The same, where they gave their password again as well.
    pub async fn stepped_up(http: &Http, email: &str, password: &str) -> Self {
        let browser = Self::signed_in(http, email, password).await;
        let answer = browser.post("/step-up", &[("password", password), ("next", "/")]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.call(Method::GET, path)).await
    }

    /// Sends a form from a page of the console.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.form(path, fields).header("sec-fetch-site", "same-origin")).await
    }

    /// A form that hasn't been sent yet, and doesn't say where it comes from.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Call<'_> {
        let call = self.call(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
        call.body(encoded(fields))
    }

    /// A request with the browser's cookies.
    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        let cookies = self.cookies.lock().expect("no test panics with it");
        let line: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = self.http.call(method, path);
        if line.is_empty() { call } else { call.header("cookie", &line.join("; ")) }
    }

    /// Sends a request, and keeps the cookies of its answer.
    pub async fn send(&self, call: Call<'_>) -> Answer {
        let answer = call.send().await;
        let mut cookies = self.cookies.lock().expect("no test panics with it");
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().expect("text");
            let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if line.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        drop(cookies);
        answer
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("no test panics with it").get(name).cloned()
    }

    /// Puts a cookie there.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().expect("no test panics with it").insert(name.to_owned(), value.to_owned());
    }
}

/// Fields as a browser sends them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}
