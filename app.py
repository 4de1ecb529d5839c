"""The front door: lists the rooms and wires them. Nothing in karmyogi/ imports it."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from karmyogi import cli, config
from karmyogi.accounts import admin as accounts_admin
from karmyogi.accounts import commands as accounts_commands
from karmyogi.accounts import views as accounts_views
from karmyogi.achievements import admin as achievements_admin
from karmyogi.achievements import commands as achievements_commands
from karmyogi.achievements import views as achievements_views
from karmyogi.audit import admin as audit_admin
from karmyogi.audit import commands as audit_commands
from karmyogi.audit import views as audit_views
from karmyogi.awards import admin as awards_admin
from karmyogi.awards import views as awards_views
from karmyogi.completions import admin as completions_admin
from karmyogi.completions import views as completions_views
from karmyogi.config import VERSION, ConfigError, Settings
from karmyogi.core.permissions import Permission
from karmyogi.core.profile import Profile, UnknownProfile, load_profile
from karmyogi.core.reasons import N_
from karmyogi.courses import admin as courses_admin
from karmyogi.demo import commands as demo_commands
from karmyogi.documents import admin as documents_admin
from karmyogi.documents import views as documents_views
from karmyogi.guide import views as guide_views
from karmyogi.home import views as home_views
from karmyogi.nominations import admin as nominations_admin
from karmyogi.nominations import views as nominations_views
from karmyogi.people import admin as people_admin
from karmyogi.people import views as people_views
from karmyogi.plans import admin as plans_admin
from karmyogi.reports import admin as reports_admin
from karmyogi.reports import commands as reports_commands
from karmyogi.reports import queries as reports_queries
from karmyogi.reports import views as reports_views
from karmyogi.schedule import commands as schedule_commands
from karmyogi.schedule import views as schedule_views
from karmyogi.scores import admin as scores_admin
from karmyogi.scores import commands as scores_commands
from karmyogi.scores import views as scores_views
from karmyogi.store import backups, seals, trail
from karmyogi.store.db import open_database
from karmyogi.store.files import BadMediaUrl, PrivateFiles, open_files
from karmyogi.trainings import admin as trainings_admin
from karmyogi.web import access, admin, health, i18n, installed, pages, sheet
from karmyogi.web.pages import Link

BLUEPRINTS = (
    accounts_views.blueprint,
    home_views.blueprint,
    people_views.blueprint,
    scores_views.blueprint,
    reports_views.blueprint,
    completions_views.blueprint,
    achievements_views.blueprint,
    nominations_views.blueprint,
    awards_views.blueprint,
    documents_views.blueprint,
    audit_views.blueprint,
    guide_views.blueprint,
    schedule_views.blueprint,
)
COMMANDS = (
    cli.migrate_command,
    cli.backup_command,
    cli.restore_command,
    reports_commands.people,
    reports_commands.reports,
    achievements_commands.achievements,
    scores_commands.scores,
    accounts_commands.accounts,
    audit_commands.audit,
    audit_commands.doctor,
    demo_commands.demo,
    schedule_commands.commands,
)
REGISTERS = (
    *people_admin.VIEWS,
    *courses_admin.VIEWS,
    *plans_admin.VIEWS,
    *trainings_admin.VIEWS,
    *completions_admin.VIEWS,
    *achievements_admin.VIEWS,
    *scores_admin.VIEWS,
    *nominations_admin.VIEWS,
    *awards_admin.VIEWS,
    *documents_admin.VIEWS,
    *accounts_admin.VIEWS,
    *reports_admin.VIEWS,
    *audit_admin.VIEWS,
)
# In the order of the bar, which shows seven; whatever else a person may open stands on their front page.
MENU = (
    Link(N_("Front page"), "home.front"),
    Link(N_("My page"), "home.me", Permission.ME_READ, unless=Permission.DECISIONS_READ),
    Link(N_("Imports"), "reports.imports", Permission.REPORTS_READ),
    Link(N_("Months"), "scores.months", (Permission.SCORES_RUN, Permission.SCORES_SEAL)),
    Link(N_("Nominations"), "nominations.nominations", Permission.NOMINATIONS_READ),
    Link(N_("Leaderboard"), "scores.leaderboard", Permission.LEADERBOARD_READ),
    Link(N_("Awards"), "awards.awards", Permission.AWARDS_READ),
    Link(N_("Accounts"), "accounts.accounts", Permission.ACCOUNTS_WRITE),
    Link(N_("Trail"), "audit.trail", Permission.TRAIL_READ),
    Link(N_("Registers"), "admin.index", (Permission.UNITS_READ, Permission.ACCOUNTS_READ)),
    Link(N_("Activation"), "accounts.offices", Permission.ACCOUNTS_ACTIVATE),
    Link(N_("Officers"), "home.officers", Permission.OFFICERS_SEARCH),
    Link(N_("Jobs"), "schedule.jobs", Permission.JOBS_READ),
    Link(N_("Match queue"), "reports.queue", Permission.REPORTS_IMPORT),
    Link(N_("Flags"), "completions.flags", Permission.FLAGS_READ),
    Link(N_("Achievements"), "achievements.own", Permission.ACHIEVEMENTS_READ),
    Link(N_("Structure"), "people.units", Permission.UNITS_WRITE),
    Link(
        N_("Disputes of points"),
        "scores.disputes",
        (Permission.DISPUTES_ANSWER, Permission.DISPUTES_DECIDE, Permission.TRAIL_READ),
    ),
    Link(N_("Scores on hold"), "scores.holds", Permission.HOLDS_READ),
    Link(N_("Corrections of sealed months"), "scores.corrections", Permission.CORRECTIONS_READ),
    Link(
        N_("Scoring policy"),
        "scores.drafts",
        (Permission.POLICIES_DRAFT, Permission.POLICIES_PUBLISH, Permission.TRAIL_READ),
    ),
    Link(N_("Coverage"), "home.covered", Permission.LEADERBOARD_READ),
    Link(N_("Who may do what"), "home.roles"),
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings, or for those of the environment.

    Raises ConfigError when a setting is wrong; the database is opened when first asked.
    """
    settings = settings or config.read_settings()
    app = Flask("karmyogi", root_path=str(config.ROOT))
    _see_past_proxies(app, settings.proxies)
    _open_stores(app, settings)
    access.connect_for_request(app)
    access.install(app)
    i18n.install(app, compiled=config.ROOT / "instance" / "translations")
    pages.install(app, settings, menu=MENU, shared=_shared)
    access.ask_again(app)
    health.install(app)
    sheet.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    admin.install(app, REGISTERS)
    for group in COMMANDS:
        app.cli.add_command(group)
    return app


def _see_past_proxies(app: Flask, count: int) -> None:
    """Take a reader's address from what our own proxies wrote; else all have one, and each can lock all out."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]


def _open_stores(app: Flask, settings: Settings) -> None:
    trail.use_key(settings.trail_key)
    seals.use_key(settings.factor_key)
    backups.use(backups.plan_of(settings))
    open_database(settings.database_url)
    installed.install(app, installed.Installation(settings, _profile(settings), _files(settings.media_url)))
    app.view_functions["static"] = access.public(app.view_functions["static"])


def _profile(settings: Settings) -> Profile:
    try:
        profile = load_profile(settings.profile)
    except UnknownProfile as error:
        raise ConfigError(f"KARMYOGI_PROFILE: {error}") from error
    if settings.sends_sms and not any(one.template_id for texts in profile.sms.values() for one in texts.values()):
        raise ConfigError(f"KARMYOGI_SMS_URL: no text in sms.toml of the profile {profile.name} has a template_id yet")
    return profile


def _files(url: str) -> PrivateFiles:
    try:
        return open_files(url)
    except BadMediaUrl as error:
        raise ConfigError(error.reasons[0].text % error.reasons[0].facts) from error


def _shared() -> dict[str, object]:
    profile = installed.profile()
    return {
        "state": profile.state,
        "help_contact": profile.help,
        "version": VERSION,
        "data_as_on": reports_queries.data_as_on(),
        **guide_views.help_here(),
    }


if __name__ == "__main__":
    create_app().run(port=8000)
