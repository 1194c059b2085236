"""Addresses of groups and of what is said in them."""

from django.urls import path

from groups.views import (
    about,
    appeals,
    directory,
    feed,
    invite,
    joining,
    moving,
    people,
    place,
    settings,
    start,
    states,
    stewards,
    talk,
    topics,
)

app_name = "groups"

urlpatterns = [
    # All groups, and new ones
    path("groups/", directory.groups, name="groups"),
    path("groups/start/", start.start, name="start"),
    path("groups/start/<int:step>/", start.start, name="start"),
    path("groups/proposals/", start.proposals, name="proposals"),
    path("groups/proposals/<int:pk>/approve/", start.approve, name="approve"),
    path("groups/proposals/<int:pk>/decline/", start.decline, name="decline"),
    path("groups/appeals/", appeals.appeals, name="appeals"),
    path("groups/appeals/<int:pk>/", appeals.appeal, name="appeal"),
    # The whole community: its people, place and log answer under its own slug
    path("desk/stewards/", stewards.few_stewards, name="few_stewards"),
    path("desk/people/", people.everybody, name="everybody"),
    # One group: its tabs
    path("groups/<slug:slug>/", talk.group, name="group"),
    path("groups/<slug:slug>/feed.xml", feed.group_feed, name="group_feed"),
    path("groups/<slug:slug>/people/", people.people, name="people"),
    path("groups/<slug:slug>/about/", about.about, name="about"),
    path("groups/<slug:slug>/about/charter/", about.charter, name="charter"),
    path(
        "groups/<slug:slug>/about/charter/<int:version>/",
        about.charter_version,
        name="charter_version",
    ),
    # Coming in and going
    path("groups/<slug:slug>/join/", joining.join, name="join"),
    path("groups/<slug:slug>/ask/", joining.ask, name="ask"),
    path("groups/<slug:slug>/requests/<int:pk>/accept/", joining.accept, name="accept"),
    path("groups/<slug:slug>/requests/<int:pk>/refuse/", joining.refuse, name="refuse"),
    path("groups/<slug:slug>/requests/<int:pk>/withdraw/", joining.withdraw, name="withdraw"),
    path("groups/<slug:slug>/requests/<int:pk>/vouch/", joining.vouch, name="vouch"),
    # My place in it
    path("groups/<slug:slug>/place/", place.place, name="place"),
    path("groups/<slug:slug>/place/volume/", place.volume, name="volume"),
    path("groups/<slug:slug>/place/rest/", place.rest, name="rest"),
    path("groups/<slug:slug>/place/ring/", place.move, name="move"),
    path("groups/<slug:slug>/leave/", place.leave, name="leave"),
    path("groups/<slug:slug>/moves/<int:pk>/<slug:answer>/", place.answer_move, name="answer_move"),
    # Inviting
    path("groups/<slug:slug>/invite/", invite.invite, name="invite"),
    path("groups/<slug:slug>/invite/<int:pk>/revoke/", invite.revoke, name="revoke"),
    # For stewards
    path("groups/<slug:slug>/people/log/", people.log, name="log"),
    path("groups/<slug:slug>/people/<int:pk>/ring/", people.ring, name="ring"),
    path("groups/<slug:slug>/people/<int:pk>/lower/", people.lower, name="lower"),
    path("groups/<slug:slug>/people/<int:pk>/remove/", people.remove, name="remove"),
    path("groups/<slug:slug>/settings/", settings.settings, name="settings"),
    path("groups/<slug:slug>/settings/doors/", settings.doors, name="doors"),
    path("groups/<slug:slug>/settings/cover/", settings.cover, name="cover"),
    path("groups/<slug:slug>/settings/tabs/", settings.tabs, name="tabs"),
    path("groups/<slug:slug>/settings/roles/", settings.roles, name="roles"),
    path("groups/<slug:slug>/settings/parents/", settings.parents, name="parents"),
    path("groups/<slug:slug>/state/", states.state, name="state"),
    path("groups/<slug:slug>/archive/", states.archive, name="archive"),
    path("groups/<slug:slug>/stewards/", stewards.stewards, name="stewards"),
    # What is said
    path("share/", topics.share, name="share"),
    path("groups/<slug:slug>/new/", topics.new_topic, name="new_topic"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/<int:pk>/edit/", topics.edit_topic, name="edit_topic"),
    path("topics/<int:pk>/pin/", topics.pin, name="pin"),
    path("topics/<int:pk>/close/", topics.close, name="close"),
    path("topics/<int:pk>/answer/", topics.answer, name="answer"),
    path("topics/<int:pk>/move/", topics.move_topic, name="move_topic"),
    path("topics/<int:pk>/group/", moving.move_to_group, name="move_to_group"),
    path("topics/<int:pk>/group/<int:move>/undo/", moving.undo_move, name="undo_move"),
    path("topics/<int:pk>/split/", moving.split_topic, name="split_topic"),
    path("topics/<int:pk>/merge/", moving.merge_topic, name="merge_topic"),
    path("topics/<int:pk>/delete/", topics.delete_topic, name="delete_topic"),
    path("topics/<int:pk>/restore/", topics.restore_topic, name="restore_topic"),
]
