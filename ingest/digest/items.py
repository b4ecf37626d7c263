"""What becomes of each type of item: the one place where types are told apart."""

from collections.abc import Callable
from dataclasses import dataclass, field

from errors.feedback import read_feedback, read_user_report
from errors.models import Feedback, KeptBytes
from errors.normalize import Problem
from errors.services.attachments import PreparedAttachment, prepare_attachment
from errors.services.budgets import has_room, take_room
from errors.services.feedback import PreparedFeedback, prepare_feedback
from errors.services.policies import ProjectPolicy
from errors.services.prepare_items import ItemSource, PreparedItem, prepare_item

FULL = "not kept: the budget for such items is used up, and the oldest have not gone yet"


@dataclass(slots=True)
class PreparedParts:
    """What an envelope brought beside its event; problems are for the event's reader.

    full: the positions of items that no room was left for.
    """

    items: list[PreparedItem] = field(default_factory=list)
    attachments: list[PreparedAttachment] = field(default_factory=list)
    feedback: list[PreparedFeedback] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    full: set[int] = field(default_factory=set)


Take = Callable[[PreparedParts, ItemSource, ProjectPolicy], None]


def take_item(parts: PreparedParts, source: ItemSource, policy: ProjectPolicy) -> None:
    """Prepare one item the way of its type; what has none of its own is kept as it came."""
    for take in _TAKES.get(source.type, (_keep,)):
        take(parts, source, policy)


def _keep(parts: PreparedParts, source: ItemSource, policy: ProjectPolicy) -> None:
    kind = KeptBytes.Kind.ITEM.value
    if _may_keep(parts, source, policy, kind):
        item = prepare_item(source, policy)
        take_room(policy.project_id, kind, item.kept_bytes)
        parts.items.append(item)


def _attach(parts: PreparedParts, source: ItemSource, policy: ProjectPolicy) -> None:
    kind = KeptBytes.Kind.ATTACHMENT.value
    if _may_keep(parts, source, policy, kind):
        attachment = prepare_attachment(source, policy)
        take_room(policy.project_id, kind, attachment.kept_bytes)
        parts.attachments.append(attachment)


def _read_feedback(parts: PreparedParts, source: ItemSource, policy: ProjectPolicy) -> None:
    kind = KeptBytes.Kind.FEEDBACK.value
    is_report = source.type == "user_report"
    words = read_user_report(source.payload) if is_report else read_feedback(source.payload)
    if words and _may_keep(parts, source, policy, kind):
        origin = Feedback.Source.REPORT if is_report else Feedback.Source.FEEDBACK
        feedback = prepare_feedback(words, origin, source, policy)
        take_room(policy.project_id, kind, feedback.kept_bytes)
        parts.feedback.append(feedback)


def _may_keep(parts: PreparedParts, source: ItemSource, policy: ProjectPolicy, kind: str) -> bool:
    if has_room(policy.project_id, kind):
        return True
    parts.full.add(source.position)
    parts.problems.append(Problem(f"envelope.items.{source.position}", FULL))
    return False


_TAKES: dict[str, tuple[Take, ...]] = {
    "attachment": (_attach,),
    # As it came, too, so that the envelope can be given back.
    "feedback": (_read_feedback, _keep),
    "user_report": (_read_feedback, _keep),
}
