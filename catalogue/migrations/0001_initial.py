
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200, verbose_name='fichier')),
                ('format', models.CharField(blank=True, max_length=40, verbose_name='format')),
                ('source', models.CharField(blank=True, max_length=40, verbose_name='source')),
                ('state', models.CharField(choices=[('waiting', 'en attente'), ('running', 'en cours'), ('done', 'importé'), ('tried', 'essayé, rien n’a changé'), ('refused', 'refusé, rien n’a changé')], default='waiting', max_length=10, verbose_name='état')),
                ('is_dry_run', models.BooleanField(default=False, verbose_name='essai à blanc')),
                ('is_confirmed', models.BooleanField(default=False, verbose_name='retraits nombreux confirmés')),
                ('reason', models.TextField(blank=True, verbose_name='raison du refus')),
                ('line', models.PositiveIntegerField(blank=True, null=True, verbose_name='ligne')),
                ('read_count', models.PositiveIntegerField(default=0, verbose_name='lues')),
                ('added_count', models.PositiveIntegerField(default=0, verbose_name='ajoutées')),
                ('changed_count', models.PositiveIntegerField(default=0, verbose_name='modifiées')),
                ('unchanged_count', models.PositiveIntegerField(default=0, verbose_name='inchangées')),
                ('removed_count', models.PositiveIntegerField(default=0, verbose_name='retirées')),
                ('refused_count', models.PositiveIntegerField(default=0, verbose_name='éléments refusés')),
                ('corrected_count', models.PositiveIntegerField(default=0, verbose_name='éléments corrigés')),
                ('warning_count', models.PositiveIntegerField(default=0, verbose_name='avertissements')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='demandé')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé')),
            ],
            options={
                'verbose_name': 'import du catalogue',
                'verbose_name_plural': 'imports du catalogue',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='OfferChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('offer_id', models.BigIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                'verbose_name': 'offre à indexer',
                'verbose_name_plural': 'offres à indexer',
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(help_text='Un sigle, un mot ou quelques mots\xa0: SST, assmat, poids lourd…', max_length=60, unique=True, verbose_name='ce que l’on tape')),
                ('meaning', models.CharField(help_text='Plusieurs sens sont séparés par des virgules.', max_length=200, verbose_name='ce que cela veut dire')),
            ],
            options={
                'verbose_name': 'synonyme',
            },
        ),
        migrations.CreateModel(
            name='Certification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='RNCP35584, RS5550, CPF206…', max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('RNCP', 'Répertoire national (RNCP)'), ('RS', 'Répertoire spécifique (RS)'), ('CPF', 'Action éligible au CPF')], max_length=4, verbose_name='répertoire')),
                ('title', models.CharField(blank=True, max_length=400, verbose_name='intitulé')),
                ('level', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='niveau')),
                ('jobs', models.TextField(blank=True, verbose_name='métiers visés')),
                ('rome_codes', models.CharField(blank=True, max_length=120, verbose_name='codes ROME')),
                ('is_active', models.BooleanField(default=True, verbose_name='active au répertoire')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='fin d’enregistrement')),
            ],
            options={
                'verbose_name': 'certification',
                'constraints': [models.CheckConstraint(condition=models.Q(('level', None), ('level__range', (1, 8)), _connector='OR'), name='certification_level_between_1_and_8', violation_error_message='Le niveau va de 1 à 8.')],
            },
        ),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='code INSEE')),
                ('name', models.CharField(max_length=100, verbose_name='nom')),
                ('name_folded', models.CharField(db_index=True, editable=False, max_length=120)),
                ('postcodes', models.CharField(max_length=200, verbose_name='codes postaux')),
                ('department', models.CharField(db_index=True, max_length=3, verbose_name='département')),
                ('region', models.CharField(max_length=3, verbose_name='région')),
                ('population', models.PositiveIntegerField(default=0)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('is_approximate', models.BooleanField(default=False, verbose_name='position approximative')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='districts', to='catalogue.commune', verbose_name='ville')),
            ],
            options={
                'verbose_name': 'commune',
            },
        ),
        migrations.CreateModel(
            name='ImportLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(blank=True, null=True, verbose_name='ligne')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='numéro')),
                ('level', models.CharField(choices=[('refused', 'refusé'), ('corrected', 'corrigé'), ('warning', 'à vérifier')], max_length=10, verbose_name='suite donnée')),
                ('code', models.CharField(blank=True, max_length=5, verbose_name='contrôle EDOF')),
                ('reason', models.CharField(max_length=300, verbose_name='raison')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='catalogue.importreport', verbose_name='import')),
            ],
            options={
                'verbose_name': 'ligne du rapport',
                'verbose_name_plural': 'lignes du rapport',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('siret', models.CharField(max_length=14, unique=True, verbose_name='SIRET')),
                ('name', models.CharField(max_length=250, verbose_name='nom')),
                ('phone', models.CharField(blank=True, max_length=16, verbose_name='téléphone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('website', models.URLField(blank=True, verbose_name='site internet')),
                ('is_suspended', models.BooleanField(default=False, verbose_name='suspendu')),
            ],
            options={
                'verbose_name': 'organisme de formation',
                'verbose_name_plural': 'organismes de formation',
                'constraints': [models.CheckConstraint(condition=models.Q(('siret__length', 14), ('siret__regex', '^[0-9]{14}$')), name='provider_siret_has_14_digits', violation_error_message='Un SIRET compte 14 chiffres.')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=60, unique=True, verbose_name='identifiant public')),
                ('source', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='source')),
                ('digest', models.CharField(blank=True, editable=False, max_length=32)),
                ('training_number', models.CharField(blank=True, max_length=60, verbose_name='numéro de la formation')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='numéro de l’action')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('title', models.CharField(max_length=255, verbose_name='intitulé')),
                ('highlights', models.CharField(blank=True, max_length=255, verbose_name='points forts')),
                ('objectives', models.TextField(blank=True, verbose_name='objectifs')),
                ('content', models.TextField(blank=True, verbose_name='contenu')),
                ('results', models.TextField(blank=True, verbose_name='résultats attendus')),
                ('access_conditions', models.TextField(blank=True, verbose_name='conditions d’accès')),
                ('skills', models.TextField(blank=True, verbose_name='compétences (mots pour la recherche)')),
                ('modality', models.CharField(choices=[('on_site', 'En centre de formation'), ('mixed', 'En centre et à distance'), ('remote', 'À distance')], max_length=10, verbose_name='format')),
                ('address', models.CharField(blank=True, max_length=250, verbose_name='adresse')),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('department', models.CharField(blank=True, max_length=3, verbose_name='département')),
                ('is_accessible', models.BooleanField(default=False, verbose_name='lieu accessible')),
                ('price_cents', models.PositiveIntegerField(verbose_name='prix TTC (centimes)')),
                ('price_max_cents', models.PositiveIntegerField(blank=True, null=True, verbose_name='prix TTC maximal')),
                ('hours', models.PositiveIntegerField(blank=True, null=True, verbose_name='durée (heures)')),
                ('hours_max', models.PositiveIntegerField(blank=True, null=True, verbose_name='durée maximale (heures)')),
                ('company_hours', models.PositiveIntegerField(blank=True, null=True, verbose_name='dont en entreprise')),
                ('extra_costs', models.TextField(blank=True, verbose_name='frais non pris en charge')),
                ('is_exam_included', models.BooleanField(blank=True, null=True, verbose_name='examen compris dans le prix')),
                ('entry_level', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='niveau d’entrée')),
                ('exit_level', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='niveau de sortie')),
                ('objective_code', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='objectif général')),
                ('pathway_code', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='parcours')),
                ('rhythm', models.TextField(blank=True, verbose_name='rythme')),
                ('admission', models.TextField(blank=True, verbose_name='modalités d’admission')),
                ('teaching_methods', models.TextField(blank=True, verbose_name='modalités pédagogiques')),
                ('accessibility', models.TextField(blank=True, verbose_name='accueil des personnes handicapées')),
                ('catering', models.CharField(blank=True, max_length=250, verbose_name='restauration')),
                ('housing', models.CharField(blank=True, max_length=250, verbose_name='hébergement')),
                ('transport', models.CharField(blank=True, max_length=250, verbose_name='transport')),
                ('languages', models.CharField(blank=True, max_length=20, verbose_name='langues')),
                ('rome_codes', models.CharField(blank=True, max_length=40, verbose_name='codes ROME')),
                ('formacodes', models.CharField(blank=True, max_length=40, verbose_name='Formacodes')),
                ('nsf_codes', models.CharField(blank=True, max_length=20, verbose_name='codes NSF')),
                ('website', models.URLField(blank=True, max_length=250, verbose_name='page de la formation')),
                ('contact_name', models.CharField(blank=True, max_length=120, verbose_name='contact')),
                ('contact_phone', models.CharField(blank=True, max_length=16, verbose_name='téléphone du contact')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='courriel du contact')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='mise à jour')),
                ('certification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='catalogue.certification', verbose_name='certification')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='catalogue.commune', verbose_name='commune')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='catalogue.provider', verbose_name='organisme')),
            ],
            options={
                'verbose_name': 'offre de formation',
                'verbose_name_plural': 'offres de formation',
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('query', models.CharField(max_length=2000, verbose_name='recherche')),
                ('wants_news', models.BooleanField(default=False, verbose_name='nouveautés par courriel')),
                ('news_on', models.DateField(verbose_name='nouveautés regardées le')),
                ('newest_offer', models.BigIntegerField(default=0, verbose_name='dernière offre connue')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='enregistrée le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'recherche enregistrée',
                'verbose_name_plural': 'recherches enregistrées',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='numéro')),
                ('is_permanent', models.BooleanField(default=False, verbose_name='entrées et sorties permanentes')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='début')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('state', models.CharField(choices=[('open', 'ouverte'), ('closed', 'complète'), ('suspended', 'suspendue')], default='open', max_length=10, verbose_name='inscriptions')),
                ('is_guaranteed', models.BooleanField(default=False, verbose_name='garantie')),
                ('places', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places')),
                ('places_taken', models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='places prises')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='catalogue.offer', verbose_name='offre de formation')),
            ],
            options={
                'verbose_name': 'session',
                'ordering': ['starts_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Favourite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=60, verbose_name='offre de formation')),
                ('title', models.CharField(max_length=255, verbose_name='intitulé')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='ajouté le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favourites', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'favori',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'public_id'), name='favourite_is_kept_once', violation_error_message='Cette formation est déjà dans vos favoris.')],
            },
        ),
        migrations.CreateModel(
            name='ImportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='catalogue.importreport')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('report', 'position'), name='import_part_is_unique')],
            },
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('public_id__in', ('lieux', 'sujets', 'comparer')), _negated=True), name='offer_public_id_is_not_a_page', violation_error_message='Cet identifiant public est celui d’une page du portail.'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('price_cents__range', (0, 100000000))), name='offer_price_is_credible', violation_error_message='Le prix va de 0 à 1\xa0000\xa0000\xa0€.'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('price_max_cents', None), ('price_max_cents__range', (0, 100000000)), _connector='OR'), name='offer_highest_price_is_credible', violation_error_message='Le prix maximal va de 0 à 1\xa0000\xa0000\xa0€.'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('modality', 'remote'), ('commune__isnull', False), ('department__length__gt', 0), _connector='OR'), name='offer_on_site_has_a_place', violation_error_message='Une formation en centre a une commune ou un département.'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('entry_level', None), ('entry_level__range', (1, 8)), _connector='OR'), name='offer_entry_level_between_1_and_8', violation_error_message='Le niveau d’entrée va de 1 à 8.'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('exit_level', None), ('exit_level__range', (1, 8)), _connector='OR'), name='offer_exit_level_between_1_and_8', violation_error_message='Le niveau de sortie va de 1 à 8.'),
        ),
        migrations.AddIndex(
            model_name='savedsearch',
            index=models.Index(condition=models.Q(('wants_news', True)), fields=['news_on'], name='news_due'),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.UniqueConstraint(fields=('user', 'query'), name='saved_search_is_saved_once', violation_error_message='Cette recherche est déjà enregistrée.'),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('query', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='saved_search_asks_and_has_a_name', violation_error_message='Une recherche enregistrée a un nom et au moins un critère.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('is_permanent', True), ('starts_on__isnull', False), _connector='OR'), name='session_has_dates_or_is_permanent', violation_error_message='Une session a une date de début ou des entrées permanentes.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='session_ends_after_it_starts', violation_error_message='La session finit après son début.'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('places', None), ('places_taken__lte', models.F('places')), _connector='OR'), name='session_places_are_enough', violation_error_message='Il y a déjà plus d’inscrits que de places.'),
        ),
    ]
