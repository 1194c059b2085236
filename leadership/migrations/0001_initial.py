import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from community import database
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('community', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        database.MakeTables(
            tables=[
                migrations.CreateModel(
                    name='Welcome',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('unassigned', 'Nobody yet'), ('assigned', 'Not reached yet'), ('reached', 'In touch'), ('conversation_held', 'You talked'), ('plugged_in', 'First step agreed'), ('not_now', 'Not now'), ('unreachable', 'Not reached')], default='unassigned', max_length=20)),
                        ('reach_by', models.CharField(blank=True, max_length=200, verbose_name='how to reach you best')),
                        ('not_now_until', models.DateField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('assigned_at', models.DateTimeField(blank=True, null=True)),
                        ('reached_at', models.DateTimeField(blank=True, null=True)),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('late_told_at', models.DateTimeField(blank=True, null=True)),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='welcomes', to=settings.AUTH_USER_MODEL)),
                        ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='welcomes', to='community.space')),
                        ('welcomer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='welcoming', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['welcomer', 'state'], name='welcomer_queue'), models.Index(condition=models.Q(('closed_at', None)), fields=['space', 'created_at'], name='space_welcomes')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('member',), name='one_open_welcome_each'), models.CheckConstraint(condition=models.Q(models.Q(('member', models.F('welcomer')), _negated=True), ('welcomer', None), _connector='OR'), name='nobody_welcomes_themselves'), models.CheckConstraint(condition=models.Q(('state', 'unassigned'), models.Q(('assigned_at', None), _negated=True), _connector='OR'), name='welcome_passed_through_hands')],
                    },
                ),
                migrations.CreateModel(
                    name='Refusal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('welcomer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('welcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='leadership.welcome')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('welcome', 'welcomer'), name='refused_once')],
                    },
                ),
                migrations.CreateModel(
                    name='HandOver',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=300, verbose_name='why')),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('accepted', models.BooleanField(default=False)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('welcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_overs', to='leadership.welcome')),
                    ],
                    options={
                        'ordering': ['asked_at', 'pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('welcome',), name='one_hand_over_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Conversation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('channel', models.CharField(choices=[('mail', 'By e-mail'), ('message', 'By message'), ('phone', 'By phone'), ('met', 'Face to face')], max_length=10)),
                        ('consent', models.CharField(choices=[('asked_yes', 'I asked, and they said yes'), ('not_asked', 'I did not ask'), ('asked_no', 'I asked, and they would rather not')], max_length=10)),
                        ('note', models.TextField(blank=True, max_length=1000, verbose_name='what matters to them')),
                        ('held_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('welcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conversations', to='leadership.welcome')),
                    ],
                    options={
                        'ordering': ['held_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('note', ''), ('consent', 'asked_yes'), _connector='OR'), name='no_note_without_consent'), models.CheckConstraint(condition=models.Q(('note', ''), ('taken_back_at', None), _connector='OR'), name='no_note_after_it_was_taken_back')],
                    },
                ),
                migrations.CreateModel(
                    name='Contact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('channel', models.CharField(choices=[('mail', 'By e-mail'), ('message', 'By message'), ('phone', 'By phone'), ('met', 'Face to face')], max_length=10)),
                        ('answered', models.BooleanField(default=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('welcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='leadership.welcome')),
                    ],
                    options={
                        'ordering': ['at', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Commitment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(max_length=200, verbose_name='what')),
                        ('due_on', models.DateField(verbose_name='by when')),
                        ('state', models.CharField(choices=[('offered', 'Offered'), ('made', 'Agreed'), ('confirmed', 'Confirmed'), ('kept', 'Kept'), ('partly_kept', 'Partly kept'), ('released', 'Released'), ('missed', 'Missed')], default='made', max_length=12)),
                        ('kept_at', models.DateTimeField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to=settings.AUTH_USER_MODEL)),
                        ('witness', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('welcome', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='commitments', to='leadership.welcome')),
                    ],
                    options={
                        'ordering': ['due_on', 'pk'],
                        'indexes': [models.Index(fields=['member', 'state'], name='commitments_of_a_person')],
                    },
                ),
                migrations.CreateModel(
                    name='Welcomer',
                    fields=[
                        ('membership', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='welcomer', serialize=False, to='community.membership')),
                        ('languages', models.JSONField(default=list)),
                        ('at_once', models.PositiveSmallIntegerField(default=3, verbose_name='how many people at once')),
                        ('away_until', models.DateField(blank=True, null=True, verbose_name='away until')),
                        ('accepted_at', models.DateTimeField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('at_once__gte', 1), ('at_once__lte', 20)), name='welcomes_one_to_twenty_at_once')],
                    },
                ),
            ],
        ),
    ]
