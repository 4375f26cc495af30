"""Knowledge in the demo: articles with revisions and votes, the template library, lessons and who took them up."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.models import (
    Article,
    ArticleRevision,
    ArticleTag,
    ArticleVote,
    Lesson,
    LessonUse,
    SearchEntry,
    Tag,
    Template,
    TemplateDownload,
    TemplateVersion,
)
from knowledge.services import index
from knowledge.services.tags import joined, tag_list
from knowledge.services.templates import FOLDER, LIMITS
from pmo.core.files.sniff import DOCUMENTS
from pmo.core.files.storing import store
from portfolio.demo import rooms
from portfolio.demo.rooms.knowledge_data import Text, articles, lessons
from portfolio.demo.rooms.knowledge_files import FORMS, Form, content

if TYPE_CHECKING:
    from portfolio.demo.sim_run import Run
    from portfolio.demo.track import Book, Track
    from portfolio.demo.world import World

NAME = "knowledge"
_TEXTS = ("title_zh", "title_en", "summary_zh", "summary_en", "body_zh", "body_en")
_USES_AFTER = 14  # days between the publication of a lesson and its first use elsewhere
# Template, days after the project came on the registry, share of projects that take it.
_TAKEN = (("CHARTER", 3, 0.9), ("RISK", 12, 0.6), ("STATUS", 20, 0.7), ("WBS", 15, 0.4))
_STRANGERS = 0.3  # how much rarer projects without a story take something


@dataclass(frozen=True)
class Known:
    """A published lesson that other projects may take up."""

    pk: int
    project: int
    type: str
    country: str
    driver: str
    day: datetime.date


@dataclass
class Shelf:
    """What projects refer to: articles by key, the versions of templates, lessons so far."""

    articles: dict[str, int] = field(default_factory=dict)
    templates: dict[str, tuple[int, list[tuple[int, datetime.date]]]] = field(default_factory=dict)
    lessons: list[Known] = field(default_factory=list)


_shelf = Shelf()


def in_world(world: World, book: Book) -> None:
    """Articles, tags and templates. What is there under its code is kept."""
    rng = rooms.room_rng(world.seed, NAME)
    _shelf.articles, _shelf.templates, _shelf.lessons = {}, {}, []
    there = dict(Article.objects.values_list("code", "pk"))
    tags = dict(Tag.objects.values_list("name", "pk"))
    for text in articles():
        known = there.get(text.code)
        _shelf.articles[text.key] = _article(world, book, text, tags, rng) if known is None else known
    templates = dict(Template.objects.values_list("code", "pk"))
    for form in FORMS:
        for chinese in (True, False):
            code = f"TPL-{form.key}-{'ZH' if chinese else 'EN'}"
            if code not in templates:
                _template(world, book, form, code, chinese)


def _article(world: World, book: Book, text: Text, tags: dict[str, int], rng: np.random.Generator) -> int:
    day = min(world.kept(world.day(text.week)), world.today)
    state = text.head.get("state", "published")
    values: dict[str, Any] = {name: text.head.get(name, "") for name in _TEXTS[:4]}
    values |= {"body_zh": text.body_zh, "body_en": text.body_en}
    weeks = max((world.today - day).days // 7, 1)
    owner = world.people[text.head["owner"]]
    names = tag_list(text.head.get("tags", ""))
    track = book.add(
        Article,
        day,
        code=text.code,
        kind=text.head["kind"],
        tag_names=joined(names),
        owner_id=owner,
        state=state,
        published_on=day if state != "draft" else None,
        review_on=world.day(text.review) if text.review else None,
        country=text.head.get("country", ""),
        views=0 if state == "draft" else int(rng.integers(2 * weeks + 4, 7 * weeks + 30)),
        **values,
    )
    _tag(book, track.pk, names, tags, day)
    _found_by(book, day, index.article_values(_Row(track.now)), article_id=track.pk)
    if state != "draft":
        _revisions(world, book, track, day, owner, rng)
        _votes(world, book, track.pk, day, rng)
    return track.pk


class _Row:
    """The values of a track as attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def _tag(book: Book, article: int, names: list[str], tags: dict[str, int], day: datetime.date) -> None:
    for name in names:
        if name not in tags:
            tags[name] = book.add(Tag, day, name=name).pk
        book.add(ArticleTag, day, article_id=article, tag_id=tags[name])


def _found_by(book: Book, day: datetime.date, values: dict[str, str], **link: int) -> None:
    book.add(SearchEntry, day, **values, **link)


def _revisions(
    world: World, book: Book, track: Track, day: datetime.date, owner: int, rng: np.random.Generator
) -> None:
    """The first text, and for most articles of some age a later one: the last lines came with use."""
    texts = {name: track.now[name] for name in _TEXTS}
    old = (world.today - day).days
    later = day + datetime.timedelta(days=int(rng.integers(10, 120)))
    if later >= world.today or old < 28:
        book.add(
            ArticleRevision, day, article_id=track.pk, number=1, by_id=owner, made_on=day, reason="首次发布", **texts
        )
        return
    first = texts | {"body_zh": _without_end(texts["body_zh"])}
    book.add(ArticleRevision, day, article_id=track.pk, number=1, by_id=owner, made_on=day, reason="首次发布", **first)
    book.add(
        ArticleRevision,
        later,
        article_id=track.pk,
        number=2,
        by_id=owner,
        made_on=later,
        reason="根据项目反馈补充",
        **texts,
    )


def _without_end(body: str) -> str:
    """The text before its last line was added."""
    return body.rsplit("\n", 1)[0].rstrip()


def _votes(world: World, book: Book, article: int, day: datetime.date, rng: np.random.Generator) -> None:
    people = sorted(world.people.values())
    for person in rng.choice(people, size=int(rng.integers(1, 15)), replace=False).tolist():
        book.add(ArticleVote, day, article_id=article, person_id=person)


def _template(world: World, book: Book, form: Form, code: str, chinese: bool) -> None:
    day = world.kept(world.day(form.versions[0].week))
    track = book.add(
        Template,
        day,
        code=code,
        name_zh=form.zh if chinese else f"{form.zh}（英文）",
        name_en=f"{form.en} (Chinese)" if chinese else form.en,
        kind=form.kind,
        method=form.method,
        language="zh-hans" if chinese else "en",
        owner_id=world.people["Q1104"],
        purpose=form.purpose,
    )
    _found_by(book, day, index.template_values(_Row(track.now)), template_id=track.pk)
    known = []
    for number, version in enumerate(form.versions, start=1):
        bytes_ = content(form, number, chinese)
        digest = hashlib.sha256(bytes_).hexdigest()
        effective = max(world.day(version.week), day)
        book.add(
            TemplateVersion,
            min(effective, world.today),
            template_id=track.pk,
            number=number,
            filename=f"{form.zh if chinese else form.en} v{number}.{form.extension}",
            stored=store(f"form.{form.extension}", bytes_, FOLDER, LIMITS).name,
            content_type=DOCUMENTS[form.extension],
            size=len(bytes_),
            sha256=digest,
            note=version.note_zh if chinese else version.note_en,
            effective_on=effective,
            by_id=world.people["Q1104"],
        )
        known.append((number, effective))
    _shelf.templates[code] = (track.pk, known)


def on_project(run: Run) -> None:
    """Its lessons, the lessons of others it took up, the templates it started from."""
    rng = rooms.room_rng(run.world.seed, NAME, run.spec.code)
    own = lessons().get(run.spec.code, ())
    share = 1.0 if own else _STRANGERS
    _take_up(run, rng, share)
    _take_templates(run, rng, share)
    for number, learned in enumerate(own, start=1):
        day = min(max(run.world.day(learned.week), run.born), run.world.today)
        raised_by = run.world.people[run.spec.pm]
        track = run.book.add(
            Lesson,
            day,
            project_id=run.project,
            code=f"{run.spec.code}-L{number}",
            title=learned.title,
            category=learned.category,
            stage=learned.stage,
            kind=learned.kind,
            situation=learned.situation,
            cause=learned.cause,
            recommendation=learned.recommendation,
            impact=learned.impact,
            raised_by_id=raised_by,
            raised_on=day,
            state=learned.state,
            article_id=_shelf.articles.get(learned.article),
        )
        _found_by(run.book, day, index.lesson_values(_Row(track.now)), lesson_id=track.pk)
        if learned.state == "published":
            spec = run.spec
            _shelf.lessons.append(Known(track.pk, run.project, spec.type, spec.country, spec.driver, day))


def _take_up(run: Run, rng: np.random.Generator, share: float) -> None:
    """Up to three lessons of projects of the same kind, a while after they were published."""
    spec = run.spec
    alike = [known for known in _shelf.lessons if known.type == spec.type and known.project != run.project]
    if not alike or rng.random() > share:
        return
    chosen = rng.choice(len(alike), size=min(len(alike), int(rng.integers(1, 4))), replace=False).tolist()
    for place in sorted(chosen):
        known = alike[place]
        day = max(known.day, run.born) + datetime.timedelta(days=_USES_AFTER)
        if day <= run.world.today:
            run.book.add(
                LessonUse,
                day,
                lesson_id=known.pk,
                project_id=run.project,
                person_id=run.world.people[spec.pm],
                used_on=day,
            )


def _take_templates(run: Run, rng: np.random.Generator, share: float) -> None:
    """The version that was in force on the day; work abroad starts from the English one."""
    language = "ZH" if run.spec.country == "中国" else "EN"
    for key, after, chance in _TAKEN:
        day = run.born + datetime.timedelta(days=after)
        if rng.random() > chance * share or day > run.world.today:
            continue
        template = _shelf.templates.get(f"TPL-{key}-{language}")
        if template is None:
            continue
        pk, versions = template
        number = max((number for number, since in versions if since <= day), default=0)
        if number:
            run.book.add(
                TemplateDownload,
                day,
                template_id=pk,
                number=number,
                person_id=run.world.people[run.spec.pm],
                project_id=run.project,
                taken_on=day,
            )
