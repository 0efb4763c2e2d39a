
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import rights.models.dossier
import rights.models.payment
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('catalogue', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RegisterImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200, verbose_name='fichier')),
                ('outcome', models.CharField(choices=[('done', 'Importé'), ('refused', 'Refusé, rien n’est écrit')], max_length=10, verbose_name='résultat')),
                ('lines', models.BigIntegerField(default=0, verbose_name='lignes lues')),
                ('movements_created', models.BigIntegerField(default=0, verbose_name='mouvements créés')),
                ('already_known', models.BigIntegerField(default=0, verbose_name='déjà connus')),
                ('persons_created', models.BigIntegerField(default=0, verbose_name='personnes créées')),
                ('bad_lines', models.BigIntegerField(default=0, verbose_name='lignes en erreur')),
                ('problems', models.JSONField(default=list, verbose_name='premières anomalies')),
                ('started_at', models.DateTimeField(verbose_name='commencé le')),
                ('finished_at', models.DateTimeField(auto_now_add=True, verbose_name='terminé le')),
            ],
            options={
                'verbose_name': 'import du registre',
                'verbose_name_plural': 'imports du registre',
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=80, unique=True, verbose_name='référence')),
                ('state', models.CharField(choices=[('held', 'Réservé'), ('spent', 'Utilisé'), ('released', 'Rendu')], default='held', max_length=10, verbose_name='état')),
                ('amount_cents', models.BigIntegerField(verbose_name='montant réservé (centimes)')),
                ('spent_cents', models.BigIntegerField(default=0, verbose_name='montant utilisé (centimes)')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='réservé le')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='réglé le')),
            ],
            options={
                'verbose_name': 'réservation',
            },
        ),
        migrations.CreateModel(
            name='Abondement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('financer', models.CharField(choices=[('employer', 'Employeur'), ('opco', 'Opérateur de compétences'), ('state', 'État'), ('region', 'Région'), ('france_travail', 'France Travail'), ('agefiph', 'Agefiph'), ('c2p', 'Compte professionnel de prévention'), ('at_mp', 'Branche accidents du travail et maladies professionnelles'), ('faf', 'Fonds d’assurance formation des indépendants'), ('chamber', 'Chambre de métiers'), ('local', 'Autre collectivité territoriale'), ('unedic', 'Unédic'), ('civic', 'Compte d’engagement citoyen'), ('health', 'Réserve sanitaire'), ('other', 'Autre financeur')], max_length=20, verbose_name='financeur')),
                ('financer_name', models.CharField(max_length=120, verbose_name='nom du financeur')),
                ('is_used_before_cpf', models.BooleanField(default=True, verbose_name='utilisé avant le CPF')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='utilisable jusqu’au')),
                ('conditions', models.CharField(blank=True, help_text='La personne les lit sur sa page.', max_length=300, verbose_name='conditions')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='base légale')),
                ('amount_cents', models.BigIntegerField(verbose_name='montant (centimes)')),
                ('remaining_cents', models.BigIntegerField(default=0, editable=False, verbose_name='reste (centimes)')),
                ('granted_on', models.DateField(verbose_name='accordé le')),
                ('refunded_cents', models.BigIntegerField(default=0, editable=False, verbose_name='rendu (centimes)')),
                ('idempotency_key', models.CharField(editable=False, max_length=100, unique=True, verbose_name='clé d’idempotence')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='enregistré le')),
                ('author', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saisi par')),
                ('certifications', models.ManyToManyField(blank=True, help_text='Vide\xa0: utilisable pour toute formation.', related_name='+', to='catalogue.certification', verbose_name='certifications')),
            ],
            options={
                'verbose_name': 'abondement',
            },
        ),
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=rights.models.dossier.new_reference, editable=False, max_length=20, unique=True, verbose_name='référence')),
                ('state', models.CharField(choices=[('draft', 'En cours de création'), ('requested', 'Demande d’inscription'), ('refused', 'Refusé par l’organisme'), ('proposed', 'Proposition de l’organisme'), ('to_validate', 'À valider'), ('request_cancelled', 'Demande d’inscription annulée'), ('paying', 'Paiement en cours'), ('payment_refused', 'Paiement refusé'), ('validated', 'Validé'), ('in_training', 'En formation'), ('finished', 'Formation terminée'), ('settled', 'Service fait validé'), ('cancelled', 'Formation annulée'), ('cancelled_by_provider', 'Formation annulée par l’organisme')], default='draft', max_length=24, verbose_name='état')),
                ('title', models.CharField(max_length=255, verbose_name='intitulé')),
                ('provider_name', models.CharField(max_length=250, verbose_name='nom de l’organisme')),
                ('place', models.CharField(blank=True, max_length=300, verbose_name='lieu')),
                ('hours', models.PositiveIntegerField(blank=True, null=True, verbose_name='durée (heures)')),
                ('starts_on', models.DateField(verbose_name='début de la formation')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='fin de la formation')),
                ('has_prerequisites', models.BooleanField(default=False, verbose_name='prérequis à vérifier')),
                ('price_cents', models.PositiveIntegerField(verbose_name='prix TTC (centimes)')),
                ('cpf_cents', models.PositiveIntegerField(default=0, verbose_name='payé par le CPF (centimes)')),
                ('dif_cents', models.PositiveIntegerField(default=0, verbose_name='payé par le DIF (centimes)')),
                ('abondement_cents', models.PositiveIntegerField(default=0, verbose_name='payé par abondement (centimes)')),
                ('remainder_cents', models.PositiveIntegerField(verbose_name='reste à payer (centimes)')),
                ('participation_cents', models.PositiveIntegerField(default=0, verbose_name='dont participation forfaitaire (centimes)')),
                ('proposal', models.JSONField(blank=True, default=dict, verbose_name='proposition')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='réponse attendue jusqu’au')),
                ('withdrawal_until', models.DateField(blank=True, null=True, verbose_name='rétractation jusqu’au')),
                ('free_cancellation_until', models.DateField(blank=True, null=True, verbose_name='annulation sans frais jusqu’au')),
                ('created_at', models.DateTimeField(verbose_name='créé le')),
                ('requested_at', models.DateTimeField(blank=True, null=True, verbose_name='demandé le')),
                ('validated_at', models.DateTimeField(blank=True, null=True, verbose_name='validé le')),
                ('entered_on', models.DateField(blank=True, null=True, verbose_name='entrée en formation')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='sortie de formation')),
                ('force_majeure_claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='force majeure déclarée le')),
                ('absence_until', models.DateField(blank=True, null=True, verbose_name='absence\xa0: force majeure déclarable jusqu’au')),
                ('fraud_reported_at', models.DateTimeField(blank=True, null=True, verbose_name='fraude signalée le')),
                ('done_percent', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='part réalisée (%)')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='clos le')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='catalogue.offer', verbose_name='offre de formation')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='catalogue.provider', verbose_name='organisme')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='dossiers', to='catalogue.session', verbose_name='session')),
                ('titulaire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dossiers', to='accounts.titulaire', verbose_name='titulaire')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='dossiers', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('reservation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossier', to='rights.reservation', verbose_name='réservation')),
            ],
            options={
                'verbose_name': 'dossier de formation',
                'verbose_name_plural': 'dossiers de formation',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Parameter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('credit_cents', 'Alimentation annuelle d’un salarié'), ('credit_cap_cents', 'Plafond des droits d’un salarié'), ('full_credit_share_percent', 'Part de temps plein qui donne l’année entière'), ('low_qualified_credit_cents', 'Alimentation d’un salarié peu qualifié'), ('low_qualified_cap_cents', 'Plafond d’un salarié peu qualifié'), ('low_qualified_below_level', 'Peu qualifié\xa0: en dessous de ce niveau'), ('boeth_extra_cents', 'Majoration de l’obligation d’emploi'), ('boeth_cap_cents', 'Plafond de l’obligation d’emploi'), ('esat_credit_cents', 'Alimentation annuelle en ESAT'), ('esat_cap_cents', 'Plafond des droits en ESAT'), ('independent_credit_cents', 'Alimentation annuelle d’un indépendant'), ('independent_cap_cents', 'Plafond des droits d’un indépendant'), ('opening_age_years', 'Âge d’ouverture du compte'), ('apprentice_age_years', 'Âge d’ouverture du compte d’un apprenti'), ('private_credit_hours', 'Heures par an (2015-2018), première tranche'), ('private_step_hours', 'Heures (2015-2018)\xa0: fin de la première tranche'), ('private_then_hours', 'Heures par an (2015-2018), seconde tranche'), ('private_cap_hours', 'Plafond des heures (2015-2018)'), ('public_credit_hours', 'Agent public\xa0: heures par an'), ('public_step_hours', 'Agent public\xa0: fin de la première tranche'), ('public_then_hours', 'Agent public\xa0: heures par an, seconde tranche'), ('public_cap_hours', 'Agent public\xa0: plafond'), ('public_c_credit_hours', 'Agent de catégorie C peu qualifié\xa0: heures par an'), ('public_c_cap_hours', 'Agent de catégorie C peu qualifié\xa0: plafond'), ('public_unfitness_hours', 'Agent public\xa0: heures pour prévenir une inaptitude'), ('public_advance_years', 'Agent public\xa0: années utilisables d’avance'), ('hour_value_cents', 'Valeur d’une heure convertie'), ('dif_hour_value_cents', 'Valeur d’une heure de DIF'), ('dif_cap_hours', 'Plafond du DIF'), ('dif_deadline_on', 'Dernier jour pour déclarer son DIF'), ('employer_penalty_cents', 'Abondement correctif de l’employeur'), ('apc_top_up_cents', 'Abondement après refus d’un accord de performance'), ('cec_credit_cents', 'Compte d’engagement citoyen\xa0: montant annuel'), ('cec_cap_cents', 'Compte d’engagement citoyen\xa0: plafond'), ('participation_cents', 'Participation forfaitaire obligatoire'), ('rs_ceiling_cents', 'Droits utilisables pour une certification du RS'), ('bilan_ceiling_cents', 'Droits utilisables pour un bilan de compétences'), ('permis_ceiling_cents', 'Droits utilisables pour un permis léger'), ('withdrawal_days', 'Délai de rétractation'), ('provider_answer_days', 'Réponse de l’organisme'), ('prerequisites_answer_days', 'Réponse de l’organisme quand il vérifie des prérequis'), ('titulaire_answer_days', 'Réponse du titulaire à l’organisme'), ('start_after_days', 'Début de la formation après la demande'), ('free_cancellation_days', 'Annulation sans frais\xa0: plus de … avant le début'), ('declaration_days', 'Déclarations de l’organisme (entrée, fin, service fait)'), ('force_majeure_days', 'Force majeure déclarée après une absence'), ('requests_times', 'Demandes pour une même offre, au plus'), ('second_person_above_cents', 'Correction à deux au-delà de')], max_length=40, verbose_name='paramètre')),
                ('value', models.BigIntegerField(blank=True, help_text='Dans l’unité du paramètre\xa0: centimes, heures, %, jours. Laissez vide pour «\xa0sans limite\xa0».', null=True, verbose_name='valeur')),
                ('day', models.DateField(blank=True, null=True, verbose_name='jour')),
                ('valid_from', models.DateField(verbose_name='en vigueur à partir du')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='base légale')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='remarque')),
            ],
            options={
                'verbose_name': 'paramètre',
                'ordering': ['name', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('name', 'valid_from'), name='parameter_one_figure_a_day', violation_error_message='Ce paramètre change déjà ce jour-là.'), models.CheckConstraint(condition=models.Q(('value__isnull', True), ('value__range', (0, 1000000000)), _connector='OR'), name='parameter_value_not_negative', violation_error_message='La valeur ne peut pas être négative.'), models.CheckConstraint(condition=models.Q(models.Q(('name__endswith', '_on'), ('value__isnull', True)), models.Q(models.Q(('name__endswith', '_on'), _negated=True), ('day__isnull', True)), _connector='OR'), name='parameter_is_of_its_unit', violation_error_message='Remplissez la valeur ou le jour, selon le paramètre.'), models.CheckConstraint(condition=models.Q(('legal_basis', ''), _negated=True), name='parameter_has_a_legal_basis', violation_error_message='Indiquez la base légale.')],
            },
        ),
        migrations.CreateModel(
            name='ProviderKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(help_text='Par exemple\xa0: gestion des inscriptions, poste 2.', max_length=80, verbose_name='logiciel')),
                ('prefix', models.CharField(editable=False, max_length=8, unique=True, verbose_name='début de la clé')),
                ('secret_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('can_read', models.BooleanField(default=True, verbose_name='peut lire')),
                ('can_answer', models.BooleanField(default=False, verbose_name='peut répondre')),
                ('can_declare', models.BooleanField(default=False, verbose_name='peut déclarer')),
                ('expires_on', models.DateField(verbose_name='dernier jour de validité')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='dernier usage')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='révoquée le')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créée par')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='catalogue.provider', verbose_name='organisme')),
                ('revoked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='révoquée par')),
            ],
            options={
                'verbose_name': 'clé d’organisme',
                'verbose_name_plural': 'clés d’organismes',
            },
        ),
        migrations.CreateModel(
            name='ProviderCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('operation', models.CharField(max_length=40, verbose_name='opération')),
                ('status', models.PositiveSmallIntegerField(verbose_name='réponse')),
                ('called_at', models.DateTimeField(db_index=True, verbose_name='le')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='rights.providerkey', verbose_name='clé d’organisme')),
            ],
            options={
                'verbose_name': 'appel d’organisme',
                'verbose_name_plural': 'appels d’organismes',
            },
        ),
        migrations.CreateModel(
            name='ProviderOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idempotency_key', models.CharField(max_length=100, verbose_name='clé d’idempotence')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('done_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='exécuté le')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='orders', to='rights.providerkey', verbose_name='clé d’organisme')),
            ],
            options={
                'verbose_name': 'ordre d’organisme',
                'verbose_name_plural': 'ordres d’organismes',
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('welcome', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='L’accueil')),
                ('content', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='Le contenu de la formation')),
                ('means', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='Les moyens matériels')),
                ('trainers', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='Les formateurs')),
                ('support', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='L’accompagnement')),
                ('rated_at', models.DateTimeField(verbose_name='donné le')),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rating', to='rights.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'avis sur une formation',
                'verbose_name_plural': 'avis sur les formations',
            },
        ),
        migrations.CreateModel(
            name='RightsAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cpf_cents', models.BigIntegerField(default=0, editable=False, verbose_name='CPF (centimes)')),
                ('dif_cents', models.BigIntegerField(default=0, editable=False, verbose_name='DIF (centimes)')),
                ('abondement_cents', models.BigIntegerField(default=0, editable=False, verbose_name='abondements (centimes)')),
                ('cpf_reserved_cents', models.BigIntegerField(default=0, editable=False, verbose_name='CPF réservé')),
                ('dif_reserved_cents', models.BigIntegerField(default=0, editable=False, verbose_name='DIF réservé')),
                ('abondement_reserved_cents', models.BigIntegerField(default=0, editable=False, verbose_name='abondements réservés')),
                ('public_hours', models.IntegerField(default=0, editable=False, verbose_name='heures d’agent public')),
                ('unfitness_hours', models.IntegerField(default=0, editable=False, verbose_name='heures pour prévenir une inaptitude')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='fermé depuis le')),
                ('closing_reason', models.CharField(blank=True, choices=[('retirement', 'Retraite à taux plein'), ('death', 'Décès')], max_length=20, verbose_name='motif de fermeture')),
                ('opened_at', models.DateTimeField(auto_now_add=True, verbose_name='ouvert le')),
                ('titulaire', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rights_account', to='accounts.titulaire', verbose_name='titulaire')),
            ],
            options={
                'verbose_name': 'compte de droits',
                'verbose_name_plural': 'comptes de droits',
                'permissions': [('correct_rights', 'Corriger les droits d’une personne'), ('approve_correction', 'Valider la correction proposée par un autre agent')],
            },
        ),
        migrations.AddField(
            model_name='reservation',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reservations', to='rights.rightsaccount', verbose_name='compte de droits'),
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('yearly_credit', 'Alimentation annuelle'), ('hours_conversion', 'Conversion d’heures en euros'), ('dif', 'Heures de DIF'), ('abondement', 'Abondement'), ('correction', 'Correction'), ('reservation', 'Réservation pour une formation'), ('release', 'Réservation rendue'), ('spend', 'Formation payée'), ('expiry', 'Abondement arrivé à son terme'), ('dif_withdrawal', 'Retrait d’heures de DIF')], max_length=30, verbose_name='nature')),
                ('pocket', models.CharField(choices=[('cpf', 'CPF'), ('dif', 'DIF'), ('abondement', 'abondement')], max_length=12, verbose_name='poche')),
                ('amount_cents', models.BigIntegerField(verbose_name='montant (centimes)')),
                ('effective_on', models.DateField(verbose_name='date d’effet')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='au titre de l’année')),
                ('source', models.CharField(max_length=120, verbose_name='origine')),
                ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='base légale')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='motif')),
                ('idempotency_key', models.CharField(max_length=120, unique=True, verbose_name='clé d’idempotence')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='calcul')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='enregistré le')),
                ('abondement', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='rights.abondement', verbose_name='abondement')),
                ('author', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('reservation', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='rights.reservation', verbose_name='réservation')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='rights.rightsaccount', verbose_name='compte de droits')),
            ],
            options={
                'verbose_name': 'mouvement',
                'permissions': [('export_movements', 'Exporter des mouvements')],
            },
        ),
        migrations.CreateModel(
            name='HoursMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('yearly_credit', 'Alimentation annuelle'), ('conversion', 'Conversion en euros'), ('correction', 'Correction'), ('use', 'Formation suivie avec l’employeur'), ('unfitness', 'Heures pour prévenir une inaptitude'), ('unfitness_use', 'Heures de prévention utilisées')], max_length=20, verbose_name='nature')),
                ('hours', models.IntegerField(verbose_name='heures')),
                ('effective_on', models.DateField(verbose_name='date d’effet')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='au titre de l’année')),
                ('source', models.CharField(max_length=120, verbose_name='origine')),
                ('legal_basis', models.CharField(blank=True, max_length=200, verbose_name='base légale')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='motif')),
                ('idempotency_key', models.CharField(max_length=120, unique=True, verbose_name='clé d’idempotence')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='enregistré le')),
                ('author', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='hours_movements', to='rights.rightsaccount', verbose_name='compte de droits')),
            ],
            options={
                'verbose_name': 'mouvement d’heures',
                'verbose_name_plural': 'mouvements d’heures',
            },
        ),
        migrations.CreateModel(
            name='DifDeclaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hours', models.PositiveSmallIntegerField(verbose_name='heures')),
                ('amount_cents', models.BigIntegerField(verbose_name='montant (centimes)')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='base légale')),
                ('revision', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('state', models.CharField(choices=[('to_examine', 'à examiner'), ('accepted', 'accepté'), ('refused', 'refusé')], default='to_examine', max_length=12, verbose_name='justificatif')),
                ('proof_name', models.CharField(blank=True, editable=False, max_length=32)),
                ('proof_type', models.CharField(editable=False, max_length=20, verbose_name='type de fichier')),
                ('declared_at', models.DateTimeField(auto_now_add=True, verbose_name='déclaré le')),
                ('submitted_at', models.DateTimeField(verbose_name='justificatif reçu le')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='examiné le')),
                ('decision_reason', models.CharField(blank=True, max_length=300, verbose_name='motif')),
                ('taken_back_cents', models.BigIntegerField(default=0, verbose_name='repris (centimes)')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='examiné par')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='dif_declarations', to='rights.rightsaccount', verbose_name='compte de droits')),
            ],
            options={
                'verbose_name': 'déclaration de DIF',
                'verbose_name_plural': 'déclarations de DIF',
                'permissions': [('examine_proof', 'Examiner un justificatif de DIF')],
            },
        ),
        migrations.CreateModel(
            name='CorrectionProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('financer', models.CharField(choices=[('employer', 'Employeur'), ('opco', 'Opérateur de compétences'), ('state', 'État'), ('region', 'Région'), ('france_travail', 'France Travail'), ('agefiph', 'Agefiph'), ('c2p', 'Compte professionnel de prévention'), ('at_mp', 'Branche accidents du travail et maladies professionnelles'), ('faf', 'Fonds d’assurance formation des indépendants'), ('chamber', 'Chambre de métiers'), ('local', 'Autre collectivité territoriale'), ('unedic', 'Unédic'), ('civic', 'Compte d’engagement citoyen'), ('health', 'Réserve sanitaire'), ('other', 'Autre financeur')], max_length=20, verbose_name='financeur')),
                ('financer_name', models.CharField(max_length=120, verbose_name='nom du financeur')),
                ('is_used_before_cpf', models.BooleanField(default=True, verbose_name='utilisé avant le CPF')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='utilisable jusqu’au')),
                ('conditions', models.CharField(blank=True, help_text='La personne les lit sur sa page.', max_length=300, verbose_name='conditions')),
                ('legal_basis', models.CharField(max_length=200, verbose_name='base légale')),
                ('pocket', models.CharField(choices=[('cpf', 'CPF'), ('dif', 'DIF'), ('abondement', 'abondement')], max_length=12, verbose_name='poche')),
                ('amount_cents', models.BigIntegerField(verbose_name='montant (centimes)')),
                ('reason', models.CharField(max_length=300, verbose_name='motif')),
                ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='proposée le')),
                ('state', models.CharField(choices=[('pending', 'À valider'), ('approved', 'Validée'), ('refused', 'Refusée')], default='pending', max_length=10, verbose_name='état')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='décidée le')),
                ('idempotency_key', models.CharField(max_length=100, unique=True, verbose_name='clé d’idempotence')),
                ('certifications', models.ManyToManyField(blank=True, help_text='Vide\xa0: utilisable pour toute formation.', related_name='+', to='catalogue.certification', verbose_name='certifications')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidée par')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposée par')),
                ('movement', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rights.movement', verbose_name='mouvement')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rights.rightsaccount', verbose_name='compte de droits')),
            ],
            options={
                'verbose_name': 'correction ou abondement à valider',
                'verbose_name_plural': 'corrections et abondements à valider',
            },
        ),
        migrations.CreateModel(
            name='Attestation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=16, unique=True, verbose_name='code')),
                ('nonce', models.CharField(editable=False, max_length=32)),
                ('issued_at', models.DateTimeField(verbose_name='établie le')),
                ('cpf_cents', models.BigIntegerField(verbose_name='CPF (centimes)')),
                ('dif_cents', models.BigIntegerField(verbose_name='DIF (centimes)')),
                ('abondement_cents', models.BigIntegerField(verbose_name='abondements (centimes)')),
                ('reserved_cents', models.BigIntegerField(default=0, verbose_name='réservé (centimes)')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attestations', to='rights.rightsaccount', verbose_name='compte de droits')),
            ],
            options={
                'verbose_name': 'attestation de droits',
                'verbose_name_plural': 'attestations de droits',
            },
        ),
        migrations.AddField(
            model_name='abondement',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='abondements', to='rights.rightsaccount', verbose_name='compte de droits'),
        ),
        migrations.CreateModel(
            name='YearlyRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='année')),
                ('feed_digest', models.CharField(max_length=64, verbose_name='empreinte du fichier')),
                ('feed_name', models.CharField(max_length=200, verbose_name='fichier')),
                ('state', models.CharField(choices=[('loading', 'Lecture du fichier'), ('refused', 'Fichier refusé'), ('ready', 'Prêt à créditer'), ('crediting', 'En cours'), ('done', 'Terminé')], default='loading', max_length=10, verbose_name='état')),
                ('effective_on', models.DateField(verbose_name='date d’effet')),
                ('lines_read', models.BigIntegerField(default=0, verbose_name='lignes lues')),
                ('lines_kept', models.BigIntegerField(default=0, verbose_name='lignes retenues')),
                ('duplicate_lines', models.BigIntegerField(default=0, verbose_name='lignes en double')),
                ('unknown_people', models.BigIntegerField(default=0, verbose_name='lignes de personnes inconnues')),
                ('bad_lines', models.BigIntegerField(default=0, verbose_name='lignes en erreur')),
                ('problems', models.JSONField(default=list, verbose_name='premières anomalies')),
                ('cursor', models.BigIntegerField(default=0, verbose_name='dernier titulaire traité')),
                ('people', models.BigIntegerField(default=0, verbose_name='personnes examinées')),
                ('credited', models.BigIntegerField(default=0, verbose_name='personnes créditées')),
                ('credited_cents', models.BigIntegerField(default=0, verbose_name='montant crédité (centimes)')),
                ('hours_credited', models.BigIntegerField(default=0, verbose_name='heures créditées')),
                ('already_credited', models.BigIntegerField(default=0, verbose_name='déjà créditées')),
                ('at_cap', models.BigIntegerField(default=0, verbose_name='limitées par le plafond')),
                ('started_at', models.DateTimeField(auto_now_add=True, verbose_name='commencé le')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
            ],
            options={
                'verbose_name': 'alimentation annuelle',
                'verbose_name_plural': 'alimentations annuelles',
                'constraints': [models.UniqueConstraint(fields=('year', 'feed_digest'), name='yearlyrun_one_a_feed'), models.CheckConstraint(condition=models.Q(('year__range', (2004, 2100))), name='yearlyrun_year_is_plausible', violation_error_message='L’année va de 2004 à 2100.')],
            },
        ),
        migrations.CreateModel(
            name='Activity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('salarie', 'Salarié'), ('apprenti', 'Apprenti'), ('esat', 'Accompagné en ESAT'), ('independant', 'Indépendant'), ('agent_public', 'Agent public'), ('agent_public_c', 'Agent public de catégorie C')], max_length=15)),
                ('employer', models.CharField(blank=True, max_length=14)),
                ('started_on', models.DateField()),
                ('ended_on', models.DateField()),
                ('work', models.BigIntegerField()),
                ('titulaire', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.titulaire')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rights.yearlyrun')),
            ],
            options={
                'verbose_name': 'activité déclarée',
                'verbose_name_plural': 'activités déclarées',
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('low_qualified', 'Pas de diplôme de niveau 3 (CAP, BEP)'), ('boeth', 'Bénéficiaire de l’obligation d’emploi')], max_length=20, verbose_name='nature')),
                ('declared_on', models.DateField(verbose_name='déclaré le')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='retiré le')),
                ('titulaire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='declarations', to='accounts.titulaire', verbose_name='titulaire')),
            ],
            options={
                'verbose_name': 'déclaration',
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('titulaire', 'kind'), name='declaration_one_in_force', violation_error_message='Vous avez déjà fait cette déclaration.'), models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('withdrawn_on__gte', models.F('declared_on')), _connector='OR'), name='declaration_ends_after_it_begins', violation_error_message='Le retrait ne peut pas précéder la déclaration.')],
            },
        ),
        migrations.CreateModel(
            name='DossierEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=30, verbose_name='étape')),
                ('state_before', models.CharField(blank=True, choices=[('draft', 'En cours de création'), ('requested', 'Demande d’inscription'), ('refused', 'Refusé par l’organisme'), ('proposed', 'Proposition de l’organisme'), ('to_validate', 'À valider'), ('request_cancelled', 'Demande d’inscription annulée'), ('paying', 'Paiement en cours'), ('payment_refused', 'Paiement refusé'), ('validated', 'Validé'), ('in_training', 'En formation'), ('finished', 'Formation terminée'), ('settled', 'Service fait validé'), ('cancelled', 'Formation annulée'), ('cancelled_by_provider', 'Formation annulée par l’organisme')], max_length=24, verbose_name='état avant')),
                ('state_after', models.CharField(choices=[('draft', 'En cours de création'), ('requested', 'Demande d’inscription'), ('refused', 'Refusé par l’organisme'), ('proposed', 'Proposition de l’organisme'), ('to_validate', 'À valider'), ('request_cancelled', 'Demande d’inscription annulée'), ('paying', 'Paiement en cours'), ('payment_refused', 'Paiement refusé'), ('validated', 'Validé'), ('in_training', 'En formation'), ('finished', 'Formation terminée'), ('settled', 'Service fait validé'), ('cancelled', 'Formation annulée'), ('cancelled_by_provider', 'Formation annulée par l’organisme')], max_length=24, verbose_name='état après')),
                ('actor', models.CharField(choices=[('titulaire', 'le titulaire'), ('provider', 'l’organisme'), ('staff', 'l’assistance'), ('clock', 'l’échéance'), ('payment', 'le paiement par carte')], max_length=12, verbose_name='acteur')),
                ('actor_name', models.CharField(blank=True, max_length=120, verbose_name='nom de l’acteur')),
                ('happened_at', models.DateTimeField(verbose_name='le')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='motif')),
                ('data', models.JSONField(blank=True, default=dict, verbose_name='précisions')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='rights.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'événement de dossier',
                'verbose_name_plural': 'événements de dossier',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('actor__in', ['titulaire', 'provider', 'staff', 'clock', 'payment'])), name='dossierevent_actor_is_known', violation_error_message='Cet acteur n’existe pas.')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=rights.models.payment.new_payment_reference, editable=False, max_length=40, unique=True, verbose_name='référence')),
                ('adapter', models.CharField(max_length=40, verbose_name='prestataire')),
                ('amount_cents', models.PositiveIntegerField(verbose_name='montant (centimes)')),
                ('state', models.CharField(choices=[('started', 'en cours'), ('accepted', 'accepté'), ('refused', 'refusé'), ('abandoned', 'abandonné')], default='started', max_length=10, verbose_name='état')),
                ('refund_cents', models.PositiveIntegerField(default=0, verbose_name='à rembourser (centimes)')),
                ('refunded_cents', models.PositiveIntegerField(default=0, verbose_name='remboursé (centimes)')),
                ('started_at', models.DateTimeField(verbose_name='commencé le')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='rights.dossier', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'paiement',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'started')), fields=('dossier',), name='payment_one_at_a_time', violation_error_message='Un paiement est déjà en cours pour ce dossier.'), models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='payment_amount_is_positive', violation_error_message='Un paiement a un montant positif.'), models.CheckConstraint(condition=models.Q(('refund_cents__lte', models.F('amount_cents')), ('refunded_cents__lte', models.F('refund_cents'))), name='payment_refund_is_within_it', violation_error_message='On ne rembourse pas plus que ce qui a été payé.'), models.CheckConstraint(condition=models.Q(('refund_cents', 0), ('state', 'accepted'), _connector='OR'), name='payment_refund_follows_acceptance', violation_error_message='Seul un paiement accepté se rembourse.'), models.CheckConstraint(condition=models.Q(models.Q(('resolved_at', None), ('state', 'started')), models.Q(models.Q(('state', 'started'), _negated=True), ('resolved_at__isnull', False)), _connector='OR'), name='payment_resolved_says_when', violation_error_message='Un paiement terminé dit quand il l’a été.')],
            },
        ),
        migrations.AddConstraint(
            model_name='providerkey',
            constraint=models.CheckConstraint(condition=models.Q(('can_read', True), ('can_answer', True), ('can_declare', True), _connector='OR'), name='providerkey_allows_something', violation_error_message='Une clé permet au moins une chose.'),
        ),
        migrations.AddConstraint(
            model_name='providerkey',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_at__isnull', False), ('revoked_by', None), _connector='OR'), name='providerkey_revoked_by_with_a_date', violation_error_message='Une révocation a une date.'),
        ),
        migrations.AddConstraint(
            model_name='providerorder',
            constraint=models.UniqueConstraint(fields=('key', 'idempotency_key'), name='providerorder_is_carried_out_once', violation_error_message='Cet ordre a déjà été exécuté.'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('welcome__range', (1, 5)), ('content__range', (1, 5)), ('means__range', (1, 5)), ('trainers__range', (1, 5)), ('support__range', (1, 5))), name='rating_marks_go_from_1_to_5', violation_error_message='Une note va de 1 à 5.'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('due_on__isnull', False)), fields=['due_on'], name='dossier_due_on'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('requested_at__isnull', False)), fields=['requested_at'], name='dossier_requested_at'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('absence_until__isnull', False)), fields=['absence_until'], name='dossier_absence_until'),
        ),
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(fields=['provider', 'updated_at'], name='dossier_provider_updates'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'finished', 'in_training', 'paying', 'payment_refused', 'proposed', 'requested', 'to_validate', 'validated'])), fields=('titulaire', 'session'), name='dossier_one_place_a_session', violation_error_message='Un dossier est déjà en cours pour cette session.'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'requested', 'refused', 'proposed', 'to_validate', 'request_cancelled', 'paying', 'payment_refused', 'validated', 'in_training', 'finished', 'settled', 'cancelled', 'cancelled_by_provider'])), name='dossier_state_is_known', violation_error_message='Cet état n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('price_cents', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('cpf_cents'), '+', models.F('dif_cents')), '+', models.F('abondement_cents')), '+', models.F('remainder_cents')))), name='dossier_price_is_paid_in_full', violation_error_message='Les droits et le reste à payer font le prix.'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('remainder_cents__gte', models.F('participation_cents'))), name='dossier_participation_is_in_remainder', violation_error_message='La participation fait partie du reste à payer.'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('requested_at', None), ('reservation', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('requested_at__isnull', False), ('reservation__isnull', False)), _connector='OR'), name='dossier_sent_has_a_reservation', violation_error_message='Une demande envoyée réserve des droits, un brouillon aucun.'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('state__in', ['paying', 'payment_refused', 'proposed', 'requested', 'to_validate'])), models.Q(models.Q(('state__in', ['paying', 'payment_refused', 'proposed', 'requested', 'to_validate']), _negated=True), ('due_on', None)), _connector='OR'), name='dossier_awaited_answer_has_a_day', violation_error_message='Une réponse attendue a une date limite.'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ['cancelled', 'cancelled_by_provider', 'refused', 'request_cancelled', 'settled'])), models.Q(models.Q(('state__in', ['cancelled', 'cancelled_by_provider', 'refused', 'request_cancelled', 'settled']), _negated=True), ('closed_at', None)), _connector='OR'), name='dossier_closed_says_when', violation_error_message='Un dossier clos dit quand il l’a été.'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='dossier_ends_after_it_starts', violation_error_message='La formation finit après son début.'),
        ),
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('done_percent', None), ('done_percent__lte', 100), _connector='OR'), name='dossier_done_share_is_a_percentage', violation_error_message='La part réalisée va de 0 à 100\xa0%.'),
        ),
        migrations.AddConstraint(
            model_name='rightsaccount',
            constraint=models.CheckConstraint(condition=models.Q(('cpf_cents__gte', 0)), name='rightsaccount_cpf_not_negative', violation_error_message='Le solde ne peut pas être négatif.'),
        ),
        migrations.AddConstraint(
            model_name='rightsaccount',
            constraint=models.CheckConstraint(condition=models.Q(('dif_cents__gte', 0)), name='rightsaccount_dif_not_negative', violation_error_message='Le solde ne peut pas être négatif.'),
        ),
        migrations.AddConstraint(
            model_name='rightsaccount',
            constraint=models.CheckConstraint(condition=models.Q(('abondement_cents__gte', 0)), name='rightsaccount_abondement_not_negative', violation_error_message='Le solde ne peut pas être négatif.'),
        ),
        migrations.AddConstraint(
            model_name='rightsaccount',
            constraint=models.CheckConstraint(condition=models.Q(('abondement_reserved_cents__gte', 0), ('cpf_reserved_cents__gte', 0), ('dif_reserved_cents__gte', 0)), name='rightsaccount_reserved_not_negative', violation_error_message='Un montant réservé ne peut pas être négatif.'),
        ),
        migrations.AddConstraint(
            model_name='rightsaccount',
            constraint=models.CheckConstraint(condition=models.Q(('public_hours__gte', -200), ('unfitness_hours__gte', 0)), name='rightsaccount_hours_not_negative', violation_error_message='Le compteur d’heures ne descend pas au-delà d’une avance.'),
        ),
        migrations.AddConstraint(
            model_name='rightsaccount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', True), ('closing_reason', '')), models.Q(('closed_on__isnull', False), models.Q(('closing_reason', ''), _negated=True)), _connector='OR'), name='rightsaccount_closing_has_a_reason', violation_error_message='Un compte fermé l’est à une date et pour un motif.'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='reservation_amount_positive', violation_error_message='Une réservation a un montant positif.'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(('spent_cents__gte', 0), ('spent_cents__lte', models.F('amount_cents'))), name='reservation_spends_what_it_holds', violation_error_message='Une réservation ne dépense pas plus que son montant.'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('spent_cents__gt', 0), ('state', 'spent')), models.Q(models.Q(('state', 'spent'), _negated=True), ('spent_cents', 0)), _connector='OR'), name='reservation_spent_says_how_much', violation_error_message='Seule une réservation utilisée a une dépense.'),
        ),
        migrations.AddConstraint(
            model_name='reservation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('resolved_at__isnull', False)), _connector='OR'), name='reservation_resolved_says_when', violation_error_message='Une réservation réglée porte le moment où elle l’a été.'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(fields=['account', 'effective_on'], name='movement_account_day'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(condition=models.Q(('author__isnull', False)), fields=['author'], name='movement_author'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(condition=models.Q(('abondement__isnull', False)), fields=['abondement'], name='movement_abondement'),
        ),
        migrations.AddIndex(
            model_name='movement',
            index=models.Index(condition=models.Q(('reservation__isnull', False)), fields=['reservation'], name='movement_reservation'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__range', (-100000000, 100000000)), models.Q(('amount_cents', 0), _negated=True)), name='movement_amount_is_plausible', violation_error_message='Un mouvement a un montant différent de zéro et d’un million d’euros au plus.'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'correction'), models.Q(('amount_cents__lt', 0), ('kind__in', ('reservation', 'spend', 'expiry', 'dif_withdrawal'))), models.Q(models.Q(('kind__in', ('reservation', 'spend', 'expiry', 'dif_withdrawal')), _negated=True), ('amount_cents__gt', 0)), _connector='OR'), name='movement_amount_fits_its_kind', violation_error_message='La nature du mouvement dit s’il ajoute ou s’il retire.'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('reservation', 'release', 'spend')), ('reservation__isnull', False)), models.Q(models.Q(('kind__in', ('reservation', 'release', 'spend')), _negated=True), ('reservation__isnull', True)), _connector='OR'), name='movement_reservation_fits_its_kind', violation_error_message='Réserver, rendre et payer concernent une réservation.'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('abondement__isnull', True), ('pocket', 'abondement'), _connector='OR'), name='movement_abondement_fits_its_pocket', violation_error_message='Un abondement ne change que sa poche.'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.UniqueConstraint(condition=models.Q(('abondement__isnull', False)), fields=('reservation', 'kind', 'pocket', 'abondement'), name='movement_phase_once_an_abondement'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.UniqueConstraint(condition=models.Q(('abondement__isnull', True), ('reservation__isnull', False)), fields=('reservation', 'kind', 'pocket'), name='movement_phase_once_a_pocket'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'correction'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='movement_correction_has_a_reason', violation_error_message='Une correction porte un motif.'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['correction', 'reservation', 'release', 'spend']), ('pocket__in', ['cpf', 'dif', 'abondement'])), models.Q(('kind', 'yearly_credit'), ('pocket', 'cpf')), models.Q(('kind', 'hours_conversion'), ('pocket', 'cpf')), models.Q(('kind', 'dif'), ('pocket', 'dif')), models.Q(('kind', 'abondement'), ('pocket', 'abondement')), models.Q(('kind', 'expiry'), ('pocket', 'abondement')), models.Q(('kind', 'dif_withdrawal'), ('pocket', 'dif')), _connector='OR'), name='movement_pocket_fits_its_kind', violation_error_message='La poche ne correspond pas à la nature du mouvement.'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('year__isnull', True), ('year__range', (2004, 2100)), _connector='OR'), name='movement_year_is_plausible', violation_error_message='L’année va de 2004 à 2100.'),
        ),
        migrations.AddIndex(
            model_name='hoursmovement',
            index=models.Index(fields=['account', 'effective_on'], name='hours_account_day'),
        ),
        migrations.AddConstraint(
            model_name='hoursmovement',
            constraint=models.CheckConstraint(condition=models.Q(('hours__range', (-1000, 1000)), models.Q(('hours', 0), _negated=True)), name='hours_are_plausible', violation_error_message='Un mouvement a de 1 à 1000 heures, en plus ou en moins.'),
        ),
        migrations.AddConstraint(
            model_name='hoursmovement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hours__gt', 0), ('kind', 'yearly_credit'), ('year__isnull', False)), models.Q(('hours__lt', 0), ('kind', 'conversion')), models.Q(('kind', 'correction'), models.Q(('reason', ''), _negated=True)), models.Q(('hours__gt', 0), ('kind', 'unfitness'), models.Q(('reason', ''), _negated=True)), models.Q(('hours__lt', 0), ('kind__in', ['use', 'unfitness_use']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='hours_fit_their_kind', violation_error_message='Les heures ne correspondent pas à la nature du mouvement.'),
        ),
        migrations.AddConstraint(
            model_name='hoursmovement',
            constraint=models.CheckConstraint(condition=models.Q(('year__isnull', True), ('year__range', (2004, 2100)), _connector='OR'), name='hours_year_is_plausible', violation_error_message='L’année va de 2004 à 2100.'),
        ),
        migrations.AddIndex(
            model_name='difdeclaration',
            index=models.Index(fields=['account', 'id'], name='dif_account_order'),
        ),
        migrations.AddIndex(
            model_name='difdeclaration',
            index=models.Index(condition=models.Q(('state', 'to_examine')), fields=['submitted_at'], name='dif_to_examine'),
        ),
        migrations.AddConstraint(
            model_name='difdeclaration',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('account',), name='dif_one_standing_declaration', violation_error_message='Le DIF de cette personne est déjà déclaré.'),
        ),
        migrations.AddConstraint(
            model_name='difdeclaration',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gte', 1), ('amount_cents__gte', 1)), name='dif_hours_are_positive', violation_error_message='Une déclaration porte au moins une heure.'),
        ),
        migrations.AddConstraint(
            model_name='difdeclaration',
            constraint=models.CheckConstraint(condition=models.Q(('revision__range', (1, 10))), name='dif_revisions_are_bounded', violation_error_message='Une déclaration se corrige 9 fois au plus.'),
        ),
        migrations.AddConstraint(
            model_name='difdeclaration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('decision_reason', ''), _negated=True), _connector='OR'), name='dif_refusal_has_a_reason', violation_error_message='Un refus porte un motif.'),
        ),
        migrations.AddConstraint(
            model_name='difdeclaration',
            constraint=models.CheckConstraint(condition=models.Q(('taken_back_cents__gte', 0), ('taken_back_cents__lte', models.F('amount_cents'))), name='dif_takes_back_what_was_given', violation_error_message='Un refus ne reprend pas plus que le montant déclaré.'),
        ),
        migrations.AddConstraint(
            model_name='correctionproposal',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__range', (-100000000, 100000000)), models.Q(('amount_cents', 0), _negated=True)), name='correctionproposal_amount_is_plausible', violation_error_message='Une correction a un montant différent de zéro.'),
        ),
        migrations.AddConstraint(
            model_name='correctionproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('financer', ''), ('financer_name', '')), models.Q(models.Q(('financer', ''), _negated=True), ('amount_cents__gte', 1), ('pocket', 'abondement')), _connector='OR'), name='correctionproposal_abondement_is_one', violation_error_message='Un abondement ajoute à sa poche, de la part d’un financeur.'),
        ),
        migrations.AddConstraint(
            model_name='correctionproposal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correctionproposal_has_a_reason', violation_error_message='Une correction porte un motif.'),
        ),
        migrations.AddConstraint(
            model_name='correctionproposal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='correctionproposal_needs_two_people', violation_error_message='Une autre personne doit valider cette correction.'),
        ),
        migrations.AddConstraint(
            model_name='correctionproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='correctionproposal_decided_by_somebody', violation_error_message='Une décision a un auteur et une date.'),
        ),
        migrations.AddConstraint(
            model_name='correctionproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('movement__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('movement__isnull', True)), _connector='OR'), name='correctionproposal_approved_has_its_movement', violation_error_message='Une correction validée a son mouvement.'),
        ),
        migrations.AddIndex(
            model_name='attestation',
            index=models.Index(fields=['account', 'issued_at'], name='attestation_account_moment'),
        ),
        migrations.AddConstraint(
            model_name='abondement',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gte', 1)), name='abondement_amount_is_positive', violation_error_message='Un abondement dépasse 0\xa0€.'),
        ),
        migrations.AddConstraint(
            model_name='abondement',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_cents__gte', 0), ('remaining_cents__gte', 0), ('amount_cents__gte', django.db.models.expressions.CombinedExpression(models.F('remaining_cents'), '+', models.F('refunded_cents')))), name='abondement_remainder_is_within_it', violation_error_message='Il ne peut rester ni moins de 0 ni plus que le montant.'),
        ),
        migrations.AddConstraint(
            model_name='abondement',
            constraint=models.CheckConstraint(condition=models.Q(('expires_on__isnull', True), ('expires_on__gte', models.F('granted_on')), _connector='OR'), name='abondement_ends_after_it_begins', violation_error_message='La date de fin vient après la date d’accord.'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.UniqueConstraint(fields=('run', 'titulaire', 'status', 'employer', 'started_on', 'ended_on', 'work'), name='activity_once'),
        ),
    ]
