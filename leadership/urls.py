"""Addresses of welcoming."""

from django.urls import path

from leadership.views import mine, queue, welcomers

app_name = "leadership"

urlpatterns = [
    # The welcomer's queue
    path("welcoming/", queue.welcoming, name="welcoming"),
    path("welcoming/<int:pk>/", queue.welcome, name="welcome"),
    path("welcoming/<int:pk>/wrote/", queue.wrote, name="wrote"),
    path("welcoming/<int:pk>/answered/", queue.answered, name="answered"),
    path("welcoming/<int:pk>/talked/", queue.talked, name="talked"),
    path("welcoming/<int:pk>/step/", queue.step, name="step"),
    path("welcoming/<int:pk>/step/<int:step>/", queue.settle, name="settle"),
    path("welcoming/<int:pk>/not-now/", queue.not_now, name="not_now"),
    path("welcoming/<int:pk>/give-up/", queue.give_up, name="give_up"),
    path("welcoming/<int:pk>/take/", queue.take, name="take"),
    path("welcoming/<int:pk>/hand-over/", queue.hand_over, name="hand_over"),
    path("welcoming/<int:pk>/hand-over/answer/", queue.answer, name="answer"),
    # The newcomer's side
    path("welcoming/mine/", mine.my_welcome, name="my_welcome"),
    path("welcoming/mine/reach/", mine.reach, name="reach"),
    path("welcoming/mine/another/", mine.another, name="another"),
    path("welcoming/mine/notes/<int:pk>/take-back/", mine.take_yes_back, name="take_yes_back"),
    # Who welcomes in a space, and for its stewards how it goes
    path("welcoming/community/", welcomers.community_welcome, name="community_welcome"),
    path("welcoming/in/<slug:slug>/", welcomers.welcomers, name="welcomers"),
    path("welcoming/in/<slug:slug>/volunteer/", welcomers.volunteer, name="volunteer"),
    path("welcoming/in/<slug:slug>/ask/", welcomers.ask, name="ask"),
    path("welcoming/in/<slug:slug>/answer/", welcomers.answer_ask, name="answer_ask"),
    path("welcoming/in/<slug:slug>/away/", welcomers.away, name="away"),
    path("welcoming/in/<slug:slug>/stop/", welcomers.stop, name="stop"),
]
