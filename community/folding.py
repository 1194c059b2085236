"""Knows which pieces of a template always say the same, and writes them out once per language.

A template is mostly words to translate, icons and addresses without arguments. Django asks each of
them again for every page. The loader here puts neighbouring ones together after a template was
compiled: what depends on nothing but the language becomes one piece of text. How the lines of a
template are indented is not sent: browsers make one space of all of it.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.signals import setting_changed
from django.template import Context, Template, library
from django.template.base import FilterExpression, Node, NodeList, TextNode, Variable
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

_SAME_EVERYWHERE = {"icon", "logo"}
"""Our own tags that look at nothing but their arguments."""
_INDENTED = re.compile(r"\s*\n\s*")


class Loader(cached.Loader):
    """Django's cached loader; what it keeps is folded."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not hasattr(template, "is_folded"):
            template.is_folded = True
            if template_name.endswith(".html") and "<pre" not in template.source:
                _tighten(template.nodelist)
            _fold(template.nodelist)
        return template


class Fixed(Node):
    """Neighbours that say the same for everybody who reads in one language."""

    child_nodelists = ()

    def __init__(self, nodes: list[Node]):
        self.nodes = nodes
        self.said: dict[str | None, str] = {}
        _fixed.append(self)

    def render(self, context: Context) -> str:
        return self.render_annotated(context)

    def render_annotated(self, context: Context) -> str:
        language = get_language()
        said = self.said.get(language)
        if said is None:
            alone = Context()
            alone.template = context.template
            said = "".join(node.render_annotated(alone) for node in self.nodes)
            self.said[language] = said
        return said


_fixed: list[Fixed] = []


def forget(**_changed: Any) -> None:
    """Write everything out anew: where statics lie, or how an address reads, has changed."""
    for piece in _fixed:
        piece.said.clear()


setting_changed.connect(forget)


def _tighten(nodes: NodeList) -> None:
    for node in nodes:
        if isinstance(node, TextNode):
            node.s = _INDENTED.sub("\n", node.s)
        for inner in _inside(node):
            _tighten(inner)


def _fold(nodes: NodeList) -> None:
    folded: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if _is_fixed(node):
            run.append(node)
            continue
        _close(run, folded)
        folded.append(node)
        for inner in _inside(node):
            _fold(inner)
    _close(run, folded)
    nodes[:] = folded


def _close(run: list[Node], folded: list[Node]) -> None:
    if run and all(isinstance(node, (TextNode, LoadNode, CommentNode)) for node in run):
        folded.append(TextNode("".join(node.s for node in run if isinstance(node, TextNode))))
    elif run:
        folded.append(Fixed(list(run)))
    run.clear()


def _inside(node: Node) -> list[NodeList]:
    if isinstance(node, IfNode):
        return [inner for _condition, inner in node.conditions_nodelists]
    found = [getattr(node, name, None) for name in node.child_nodelists]
    return [inner for inner in found if isinstance(inner, NodeList)]


def _is_fixed(node: Node) -> bool:
    match node:
        case TextNode() | LoadNode() | CommentNode():
            return True
        case TranslateNode():
            return (
                node.asvar is None
                and _is_constant(node.filter_expression)
                and (node.message_context is None or _is_constant(node.message_context))
            )
        case BlockTranslateNode():
            return (
                node.asvar is None
                and node.message_context is None
                and node.countervar is None
                and not node.extra_context
                and not node.render_token_list(node.singular)[1]
            )
        case StaticNode():
            return node.varname is None and _is_constant(node.path)
        case URLNode():
            return (
                node.asvar is None
                and _is_constant(node.view_name)
                and not node.args
                and not node.kwargs
            )
        case library.SimpleNode():
            return (
                node.func.__name__ in _SAME_EVERYWHERE
                and node.target_var is None
                and all(map(_is_constant, node.args))
                and all(map(_is_constant, node.kwargs.values()))
            )
    return False


def _is_constant(expression: FilterExpression) -> bool:
    var = expression.var
    return not expression.filters and (not isinstance(var, Variable) or var.lookups is None)
