//! Projects: work that clients want done.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    project::{Project, ProjectBrief, ProjectPatch, ProjectStatus},
    values::ProjectId,
};
use http_api::{
    Action, ApiError, Caller, Code, Decision, JsonBody, Query, ReadCondition, SignedIn, WriteConditions,
    commit_with_retries, etag,
    idempotency::{IdempotencyHeader, Reply, Request, Sender, once},
    json,
    operation::{
        Body, Conditional, Existing, Idempotent, Limited, OpenAccount, Owner, Paged, ProblemSet, Problems, SignIn,
    },
    pagination::ListId,
};
use runtime::{clock::now, entropy};
use store::{Transaction, projects::PROJECT};

use crate::{
    Market,
    body::{ProjectBody, not_modified, record},
    filters::Filters,
    page::{Page, PageRequest, Paging},
};

/// A page of projects. It has a name because utoipa writes generic types out in full.
type ProjectPage = Page<ProjectBody>;

/// The owner has as many open projects as the market allows.
const TOO_MANY_OPEN_PROJECTS: Code =
    Code::new(StatusCode::CONFLICT, "too_many_open_projects", "The account has too many open projects");

/// The problems of operations that open a project.
#[derive(Debug)]
struct Opening;

impl ProblemSet for Opening {
    fn codes() -> Vec<Code> {
        vec![TOO_MANY_OPEN_PROJECTS]
    }
}

/// Post a project
///
/// The project is open and belongs to the account. An account may own up to 200 open projects at a time, or as many as
/// the market is configured for.
#[utoipa::path(
    post,
    path = "/projects",
    tag = "projects",
    params(IdempotencyHeader),
    request_body = ProjectBrief,
    responses(
        (status = CREATED, description = "The project is posted.", body = ProjectBody,
            headers(
                ("ETag" = String, description = "The version written."),
                ("Location" = String, description = "The path of the project."),
                ("Idempotency-Replayed" = String, description = "`true` if this answers a repeat."),
            )),
        Problems<(SignIn, OpenAccount, Body, Idempotent, Opening, Limited)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn post_project(
    State(market): State<Market>,
    signed_in: SignedIn,
    caller: Caller,
    IdempotencyHeader(key): IdempotencyHeader,
    body: JsonBody,
) -> Result<Response, ApiError> {
    signed_in.require_open()?;
    let account_id = signed_in.account_id;
    let account = account_id.to_string();
    let now = now();
    market.limits.take(Action::Write, caller.account(&account), now).await?;
    let sender = Sender::Account(&account);
    let request = Request { sender, route: "POST /projects", key: key.as_ref(), body: body.value() };
    once(&market.store, request, now, async |ticket| {
        let brief = ProjectBrief::of_new(body.value(), now)?;
        let id = ProjectId::new(entropy::ulid(now)?);
        let decided = Project::post(id, account_id, brief, now);
        let reply = created(decided.state.clone())?;
        commit_with_retries(&market.store, PROJECT, || async {
            check_open_projects(&market, None, &decided.state).await?;
            let mut transaction = Transaction::new();
            transaction.save_project(None, &decided, market.open_projects_per_owner)?;
            ticket.complete(&mut transaction, &reply)?;
            Ok(Decision::Commit(transaction, reply.clone()))
        })
        .await
    })
    .await
}

/// Read a project
#[utoipa::path(
    get,
    path = "/projects/{id}",
    tag = "projects",
    params(
        ("id" = String, Path, description = "The project.", example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0"),
        ReadCondition,
    ),
    responses(
        (status = OK, description = "The project.", body = ProjectBody,
            headers(("ETag" = String, description = "The version read."))),
        (status = NOT_MODIFIED, description = "The client has this version."),
        Problems<(Existing,)>,
    )
)]
pub(crate) async fn get_project(
    State(market): State<Market>,
    Path(id): Path<String>,
    condition: ReadCondition,
) -> Result<Response, ApiError> {
    let project = load(&market, &id).await?;
    if project.status == ProjectStatus::Withdrawn {
        return Err(no_such_project());
    }
    if condition.has(project.version.get()) {
        return Ok(not_modified(project.version));
    }
    Ok(answer(StatusCode::OK, project))
}

/// Change my project
///
/// A JSON merge patch (RFC 7396): fields that are left out stay, and null sets a field back to its default. `status`
/// opens or closes the project. A closed project is neither listed nor matched. A patch that changes nothing writes
/// nothing.
#[utoipa::path(
    patch,
    path = "/projects/{id}",
    tag = "projects",
    params(
        ("id" = String, Path, description = "The project.", example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0"),
        WriteConditions,
    ),
    request_body(
        content(
            (ProjectPatch = "application/merge-patch+json"),
            (ProjectPatch = "application/json"),
        ),
        description = "The fields to change.",
    ),
    responses(
        (status = OK, description = "The changed project.", body = ProjectBody,
            headers(("ETag" = String, description = "The version written."))),
        Problems<(SignIn, Owner, Existing, Body, Conditional, (OpenAccount, Opening, Limited))>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn patch_project(
    State(market): State<Market>,
    signed_in: SignedIn,
    caller: Caller,
    Path(id): Path<String>,
    conditions: WriteConditions,
    body: JsonBody,
) -> Result<Response, ApiError> {
    signed_in.require_open()?;
    let account_id = signed_in.account_id;
    market.limits.take(Action::Write, caller.account(&account_id.to_string()), now()).await?;
    let patch: ProjectPatch = body.read()?;
    let project = commit_with_retries(&market.store, PROJECT, || async {
        let before = load(&market, &id).await?;
        if !before.is_owned_by(account_id) {
            return Err(ApiError::forbidden("Only the owner of a project may change it."));
        }
        conditions.check(Some(before.version.get()))?;
        let Some(decided) = before.patch(&patch, now())? else {
            return Ok(Decision::Unchanged(before));
        };
        check_open_projects(&market, Some(&before), &decided.state).await?;
        let mut transaction = Transaction::new();
        transaction.save_project(Some(&before), &decided, market.open_projects_per_owner)?;
        Ok(Decision::Commit(transaction, decided.state))
    })
    .await?;
    Ok(answer(StatusCode::OK, project))
}

/// Delete my project
///
/// The project leaves the lists and the matches, and cannot be read any more.
#[utoipa::path(
    delete,
    path = "/projects/{id}",
    tag = "projects",
    params(
        ("id" = String, Path, description = "The project.", example = "prj_01JD8ZB7M4Q9R2S5T8V1W3X6Y0"),
        WriteConditions,
    ),
    responses(
        (status = NO_CONTENT, description = "The project is gone."),
        Problems<(SignIn, Owner, Existing, Conditional, Limited)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn delete_project(
    State(market): State<Market>,
    SignedIn { account_id, .. }: SignedIn,
    caller: Caller,
    Path(id): Path<String>,
    conditions: WriteConditions,
) -> Result<Response, ApiError> {
    market.limits.take(Action::Write, caller.account(&account_id.to_string()), now()).await?;
    commit_with_retries(&market.store, PROJECT, || async {
        let before = load(&market, &id).await?;
        if !before.is_owned_by(account_id) {
            return Err(ApiError::forbidden("Only the owner of a project may delete it."));
        }
        conditions.check(Some(before.version.get()))?;
        if before.status == ProjectStatus::Open {
            // Makes sure that the owner's open projects are counted.
            market.store.open_projects(account_id).await?;
        }
        let mut transaction = Transaction::new();
        transaction.delete_project(&before, &before.delete(now()))?;
        Ok(Decision::Commit(transaction, ()))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// List projects
///
/// All open projects, newest first, or those of one category, with one skill, or both.
#[utoipa::path(
    get,
    path = "/projects",
    tag = "projects",
    params(Filters, Paging),
    responses(
        (status = OK, description = "One page of the list.", body = ProjectPage),
        Problems<(Paged,)>,
    )
)]
pub(crate) async fn list_projects(
    State(market): State<Market>,
    Query((filters, paging)): Query<(Filters, Paging)>,
) -> Result<Response, ApiError> {
    let request = PageRequest::new(filters.list_id("projects"), &paging)?;
    let listed = market.store.list_projects(&filters.listing(), request.page, now()).await?;
    Ok(json(StatusCode::OK, &request.answer::<_, ProjectBody>(listed, |it| it.id.ulid())?))
}

/// List my projects
///
/// All projects of the account, open or closed, newest first.
#[utoipa::path(
    get,
    path = "/accounts/me/projects",
    tag = "projects",
    params(Paging),
    responses(
        (status = OK, description = "One page of the list.", body = ProjectPage),
        Problems<(SignIn, Paged)>,
    ),
    security(("access_token" = []))
)]
pub(crate) async fn list_my_projects(
    State(market): State<Market>,
    SignedIn { account_id, .. }: SignedIn,
    Query(paging): Query<Paging>,
) -> Result<Response, ApiError> {
    let request = PageRequest::new(ListId::new("my projects", &[Some(&account_id.to_string())]), &paging)?;
    let listed = market.store.list_projects_of(account_id, request.page, now()).await?;
    Ok(json(StatusCode::OK, &request.answer::<_, ProjectBody>(listed, |it| it.id.ulid())?))
}

/// Refuses to open one project too many. If the project opens or closes, this makes sure that the owner's open projects
/// are counted.
async fn check_open_projects(market: &Market, before: Option<&Project>, after: &Project) -> Result<(), ApiError> {
    let most = market.open_projects_per_owner;
    if before.is_some_and(|before| before.status == after.status) {
        return Ok(());
    }
    let open = market.store.open_projects(after.owner_id).await?;
    if after.status == ProjectStatus::Open && open >= most {
        let detail = format!(
            "You have {open} open projects, and {most} are allowed at a time. Close one first. An expired project \
             counts until you close it."
        );
        return Err(ApiError::new(TOO_MANY_OPEN_PROJECTS, detail));
    }
    Ok(())
}

/// The project that a path names.
async fn load(market: &Market, id: &str) -> Result<Project, ApiError> {
    let id: ProjectId = id.parse().map_err(|_| no_such_project())?;
    market.store.project(id).await?.ok_or_else(no_such_project)
}

fn no_such_project() -> ApiError {
    ApiError::not_found("There is no project with this id.")
}

fn created(project: Project) -> Result<Reply, ApiError> {
    let (location, tag) = (format!("/projects/{}", project.id), etag(project.version.get()));
    let location = HeaderValue::from_str(&location).map_err(ApiError::internal)?;
    let reply = Reply::json(StatusCode::CREATED, &ProjectBody::from(project))?;
    Ok(reply.with_header(header::LOCATION, &location).with_header(header::ETAG, &tag))
}

fn answer(status: StatusCode, project: Project) -> Response {
    record(status, project.version, &ProjectBody::from(project))
}
