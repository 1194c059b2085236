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
                    name='Group',
                    fields=[
                        ('space', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='group', serialize=False, to='community.space')),
                        ('kind', models.CharField(choices=[('local', 'Local group'), ('branch', 'Branch or workplace'), ('working', 'Working group'), ('circle', 'Circle'), ('campaign', 'Campaign team'), ('leaders', 'Leaders’ space'), ('practice', 'Community of practice'), ('affinity', 'Affinity group or caucus'), ('assembly', 'Assembly'), ('region', 'Region')], default='local', max_length=12, verbose_name='kind')),
                        ('area', models.CharField(blank=True, max_length=80, verbose_name='area')),
                        ('languages', models.JSONField(blank=True, default=list)),
                        ('rhythm', models.CharField(blank=True, max_length=160, verbose_name='when and where you meet')),
                        ('outside_link', models.URLField(blank=True, help_text='Only people of the group see it.', verbose_name='Signal or other link')),
                        ('state', models.CharField(choices=[('proposed', 'Proposed'), ('forming', 'Forming'), ('active', 'Active'), ('needs_support', 'Needs support'), ('dormant', 'Resting'), ('archived', 'Archived')], default='proposed', max_length=14)),
                        ('state_changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('state_reason', models.CharField(blank=True, max_length=1000)),
                        ('first_meeting_at', models.DateField(blank=True, null=True)),
                        ('liaison_met_at', models.DateField(blank=True, null=True)),
                        ('liaison', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('safety_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('welcomer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('parents', models.ManyToManyField(blank=True, related_name='branches', through='groups.Parentage', through_fields=('child', 'parent'), to='groups.group')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['state', 'kind'], name='group_by_state')],
                    },
                ),
                migrations.CreateModel(
                    name='Parentage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('child', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parent_links', to='groups.group')),
                        ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='child_links', to='groups.group')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('parent', 'child'), name='parentage_once'), models.CheckConstraint(condition=models.Q(('parent', models.F('child')), _negated=True), name='no_group_above_itself')],
                    },
                ),
                migrations.CreateModel(
                    name='Topic',
                    fields=[
                        ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
                        ('text', models.TextField(blank=True, max_length=20000, verbose_name='text')),
                        ('html', models.TextField(blank=True, editable=False)),
                        ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('template', models.CharField(choices=[('talk', 'Talk'), ('question', 'Question'), ('experience', 'Experience'), ('debrief', 'Debrief')], default='talk', max_length=12, verbose_name='what it is')),
                        ('pinned_at', models.DateTimeField(blank=True, null=True)),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('answer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='answers', to='community.comment')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('pinned_at__isnull', False)), fields=['pinned_at'], name='topic_pinned')],
                    },
                    bases=('community.item', models.Model),
                ),
                migrations.CreateModel(
                    name='TopicMove',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('moved', 'moved'), ('split', 'split off'), ('merged', 'merged')], max_length=8)),
                        ('ring_before', models.PositiveSmallIntegerField(choices=[(0, 'Anyone'), (1, 'Follower'), (2, 'Takes part'), (3, 'Core team'), (4, 'Steward')])),
                        ('was_pinned', models.BooleanField(default=False)),
                        ('data', models.JSONField(default=dict)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('from_item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='community.item')),
                        ('from_space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.space')),
                        ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='community.item')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['item', '-created_at'], name='move_of_item')],
                    },
                ),
                migrations.CreateModel(
                    name='Charter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveSmallIntegerField()),
                        ('purpose', models.TextField(max_length=2000, verbose_name='what we are here for')),
                        ('who_we_are', models.TextField(blank=True, max_length=2000, verbose_name='who we are')),
                        ('norms', models.TextField(blank=True, max_length=3000, verbose_name='how we treat each other, and how we correct')),
                        ('decision_default', models.CharField(blank=True, max_length=300, verbose_name='how we decide')),
                        ('quorum_default', models.CharField(blank=True, max_length=160, verbose_name='how many must be there')),
                        ('meeting_rhythm', models.CharField(blank=True, max_length=160, verbose_name='when we meet')),
                        ('conflict_step', models.TextField(blank=True, max_length=2000, verbose_name='when we disagree badly')),
                        ('html', models.JSONField(default=dict, editable=False)),
                        ('renderer', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('review_on', models.DateField(blank=True, null=True, verbose_name='look at it again on')),
                        ('change_note', models.CharField(blank=True, max_length=200, verbose_name='what changed')),
                        ('adopted_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('adopted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charters', to='groups.group')),
                    ],
                    options={
                        'ordering': ['-version'],
                        'constraints': [models.UniqueConstraint(fields=('group', 'version'), name='charter_version_once')],
                    },
                ),
            ],
        ),
    ]
