
import accounts.crypto
import accounts.models.audit
import accounts.models.replies
import accounts.models.support
import accounts.models.user
import accounts.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditMark',
            fields=[
                ('name', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField()),
                ('mac', models.CharField(max_length=64)),
                ('seal', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'repère de la piste d’audit',
                'verbose_name_plural': 'repères de la piste d’audit',
            },
        ),
        migrations.CreateModel(
            name='FranceConnectStep',
            fields=[
                ('handle_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('browser_hash', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('request', 'demande en cours'), ('identity', 'identité reçue')], max_length=20, verbose_name='étape')),
                ('sealed', accounts.crypto.EncryptedTextField()),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='jusqu’à')),
            ],
            options={
                'verbose_name': 'étape FranceConnect',
                'verbose_name_plural': 'étapes FranceConnect',
            },
        ),
        migrations.CreateModel(
            name='RateLimit',
            fields=[
                ('key', models.CharField(max_length=120, primary_key=True, serialize=False, verbose_name='clé')),
                ('subject', models.CharField(blank=True, db_index=True, max_length=64, verbose_name='personne')),
                ('hits', models.PositiveIntegerField(verbose_name='essais')),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='jusqu’à')),
            ],
            options={
                'verbose_name': 'limitation',
            },
        ),
        migrations.CreateModel(
            name='StoredSession',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('account_pk', models.BigIntegerField(db_index=True, editable=False, null=True, verbose_name='compte n°')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('identifier', models.CharField(default=accounts.models.user.opaque_identifier, help_text='Adresse électronique pour le personnel, valeur opaque pour un titulaire.', max_length=254, unique=True, verbose_name='identifiant')),
                ('email', models.EmailField(max_length=254, verbose_name='courriel')),
                ('email_changed_at', models.DateTimeField(blank=True, null=True, verbose_name='courriel modifié le')),
                ('phone_landline', models.CharField(blank=True, max_length=16, verbose_name='téléphone fixe')),
                ('phone_mobile', models.CharField(blank=True, max_length=16, verbose_name='téléphone mobile')),
                ('address_street', models.CharField(blank=True, max_length=120, verbose_name='numéro et voie')),
                ('address_extra', models.CharField(blank=True, max_length=120, verbose_name='complément d’adresse')),
                ('postcode', models.CharField(blank=True, max_length=5, verbose_name='code postal')),
                ('city', models.CharField(blank=True, max_length=100, verbose_name='commune')),
                ('wants_signin_mail', models.BooleanField(default=True, verbose_name='averti d’une nouvelle connexion')),
                ('wants_change_mail', models.BooleanField(default=True, verbose_name='averti d’une modification')),
                ('wants_news_mail', models.BooleanField(default=True, verbose_name='averti des nouvelles formations')),
                ('cgu_accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='CGU acceptées le')),
                ('cgu_version', models.CharField(blank=True, max_length=20, verbose_name='version des CGU')),
                ('email_confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='courriel confirmé le')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='inscrit le')),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('blocked_reason', models.CharField(blank=True, choices=[('unusual', 'activité inhabituelle'), ('dispute', 'numéro revendiqué par une autre personne'), ('request', 'demande du titulaire')], max_length=20, verbose_name='motif du blocage')),
                ('spending_frozen_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='usage des droits suspendu le')),
                ('inactivity_noticed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='prévenu de son inactivité le')),
                ('is_staff', models.BooleanField(default=False, verbose_name='personnel')),
                ('own_nir_index', models.CharField(blank=True, editable=False, max_length=64, verbose_name='empreinte de son propre numéro')),
                ('is_demonstration', models.BooleanField(default=False, editable=False, verbose_name='compte de démonstration')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'compte',
                'permissions': [('search_people', 'Chercher une personne'), ('open_file', 'Ouvrir le dossier d’une personne'), ('help_user', 'Débloquer, renvoyer un lien, fermer les connexions'), ('freeze_user', 'Suspendre ou rendre l’usage des droits'), ('write_note', 'Écrire une note de l’assistance'), ('reveal_nir', 'Révéler un numéro de sécurité sociale'), ('release_nir', 'Libérer un numéro de sécurité sociale'), ('anonymise_user', 'Anonymiser une personne'), ('export_people', 'Exporter des comptes'), ('manage_staff', 'Gérer les comptes, les rôles et les appareils du personnel'), ('read_audit', 'Lire le journal d’audit')],
            },
        ),
        migrations.CreateModel(
            name='StaffMember',
            fields=[
            ],
            options={
                'verbose_name': 'membre du personnel',
                'verbose_name_plural': 'membres du personnel',
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('accounts.user',),
        ),
        migrations.CreateModel(
            name='AccountSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(editable=False, max_length=40, unique=True)),
                ('browser', models.CharField(max_length=80, verbose_name='navigateur')),
                ('started_at', models.DateTimeField(verbose_name='ouverte le')),
                ('seen_at', models.DateTimeField(db_index=True, verbose_name='utilisée le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'connexion ouverte',
                'verbose_name_plural': 'connexions ouvertes',
                'ordering': ['-seen_at'],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='n°')),
                ('happened_at', models.DateTimeField(db_index=True, verbose_name='le')),
                ('kind', models.CharField(choices=accounts.models.audit.kinds, max_length=40, verbose_name='nature')),
                ('actor_pk', models.BigIntegerField(db_index=True, null=True, verbose_name='par le compte n°')),
                ('person_pk', models.BigIntegerField(db_index=True, null=True, verbose_name='compte concerné n°')),
                ('titulaire_pk', models.BigIntegerField(db_index=True, null=True, verbose_name='titulaire concerné n°')),
                ('target_label', models.CharField(blank=True, max_length=100, verbose_name='objet')),
                ('target_pk', models.CharField(blank=True, max_length=128, verbose_name='n° de l’objet')),
                ('reason_digest', models.CharField(blank=True, max_length=64, verbose_name='empreinte du motif')),
                ('facts', models.JSONField(default=dict, verbose_name='précisions')),
                ('mac', models.CharField(max_length=64, verbose_name='sceau')),
            ],
            options={
                'verbose_name': 'ligne de la piste d’audit',
                'verbose_name_plural': 'piste d’audit',
                'ordering': ['-position'],
                'indexes': [models.Index(fields=['kind', '-position'], name='auditevent_of_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(('position__gt', 0)), name='auditevent_is_numbered_from_one', violation_error_message='La piste d’audit est numérotée à partir de 1.')],
            },
        ),
        migrations.CreateModel(
            name='EmailChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('new_email', models.EmailField(max_length=254, verbose_name='nouveau courriel')),
                ('asked_at', models.DateTimeField(verbose_name='demandé le')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='email_change', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'changement de courriel',
                'verbose_name_plural': 'changements de courriel',
            },
        ),
        migrations.CreateModel(
            name='KeyCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('encrypted', models.TextField()),
                ('index', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'témoin des clés',
                'verbose_name_plural': 'témoins des clés',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='keycheck_is_single', violation_error_message='Il n’y a qu’un témoin des clés.')],
            },
        ),
        migrations.CreateModel(
            name='ReplyTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='nom du modèle')),
                ('kind', models.CharField(blank=True, choices=[('lost_email', 'Je n’ai plus accès à mon adresse de courriel'), ('nir_taken', 'Mon numéro est déjà utilisé par un compte qui n’est pas le mien'), ('blocked', 'Mon compte est bloqué'), ('civil_status', 'Mon état civil est à corriger'), ('not_me', 'Je ne reconnais pas une opération sur mes droits, ou leur usage est suspendu'), ('question', 'Une question sur mes droits ou sur le portail'), ('check', 'Le contrôle de sécurité, que je ne peux pas passer'), ('accessibility', 'Une page que je ne peux pas utiliser'), ('report', 'Une erreur, un abus ou une faille à signaler')], help_text='Vide\xa0: proposé pour toutes les demandes.', max_length=20, verbose_name='demande concernée')),
                ('subject', models.CharField(max_length=80, validators=[accounts.models.replies.validate_subject, accounts.models.replies.validate_variables], verbose_name='objet du courriel')),
                ('body', models.TextField(max_length=850, validators=[accounts.models.replies.validate_variables], verbose_name='texte')),
                ('is_active', models.BooleanField(default=True, verbose_name='proposé')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
            ],
            options={
                'verbose_name': 'réponse prête',
                'verbose_name_plural': 'réponses prêtes',
                'ordering': ['title', 'pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('title'), name='reply_title_is_unique', violation_error_message='Un modèle porte déjà ce nom.')],
            },
        ),
        migrations.CreateModel(
            name='Titulaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('encrypted_nir', accounts.crypto.EncryptedTextField(editable=False, verbose_name='numéro de sécurité sociale (chiffré)')),
                ('nir_index', models.CharField(editable=False, error_messages={'unique': 'Ce numéro de sécurité sociale est déjà enregistré.'}, max_length=64, unique=True)),
                ('birth_name', models.CharField(max_length=100, validators=[accounts.validators.validate_person_name], verbose_name='nom de naissance')),
                ('birth_name_folded', models.CharField(db_index=True, editable=False, max_length=200)),
                ('sex', models.CharField(choices=[('F', 'féminin'), ('M', 'masculin')], editable=False, max_length=1, verbose_name='sexe')),
                ('birth_year', models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='année de naissance (deux chiffres)')),
                ('birth_month', models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='mois de naissance')),
                ('has_provisional_nir', models.BooleanField(default=False, editable=False, verbose_name='numéro provisoire')),
                ('diploma_level', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='niveau de diplôme (1 à 8)')),
                ('identity_level', models.CharField(choices=[('declared', 'déclarée'), ('email_confirmed', 'courriel confirmé'), ('verified', 'vérifiée')], default='declared', max_length=20, verbose_name='identité')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='effacé le')),
            ],
            options={
                'verbose_name': 'titulaire',
                'constraints': [models.CheckConstraint(condition=models.Q(('birth_month__isnull', True), ('birth_month__range', (1, 12)), _connector='OR'), name='titulaire_birth_month_is_a_month', violation_error_message='Le mois de naissance va de 1 à 12.'), models.CheckConstraint(condition=models.Q(('birth_name', ''), _negated=True), name='titulaire_birth_name_not_empty', violation_error_message='Saisissez le nom de naissance.'), models.CheckConstraint(condition=models.Q(('diploma_level__isnull', True), ('diploma_level__range', (1, 8)), _connector='OR'), name='titulaire_diploma_level_between_1_and_8', violation_error_message='Le niveau de diplôme va de 1 à 8.')],
            },
        ),
        migrations.CreateModel(
            name='SupportRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=accounts.models.support.new_reference, editable=False, max_length=16, unique=True, verbose_name='référence')),
                ('kind', models.CharField(choices=[('lost_email', 'Je n’ai plus accès à mon adresse de courriel'), ('nir_taken', 'Mon numéro est déjà utilisé par un compte qui n’est pas le mien'), ('blocked', 'Mon compte est bloqué'), ('civil_status', 'Mon état civil est à corriger'), ('not_me', 'Je ne reconnais pas une opération sur mes droits, ou leur usage est suspendu'), ('question', 'Une question sur mes droits ou sur le portail'), ('check', 'Le contrôle de sécurité, que je ne peux pas passer'), ('accessibility', 'Une page que je ne peux pas utiliser'), ('report', 'Une erreur, un abus ou une faille à signaler')], max_length=20, verbose_name='objet')),
                ('state', models.CharField(choices=[('received', 'reçue'), ('in_review', 'en cours d’examen'), ('closed', 'traitée')], default='received', max_length=12, verbose_name='état')),
                ('is_of_holder', models.BooleanField(default=False, editable=False, verbose_name='faite par le titulaire')),
                ('birth_name', models.CharField(blank=True, max_length=100, verbose_name='nom de naissance donné')),
                ('contact_email', models.EmailField(max_length=254, verbose_name='courriel de réponse')),
                ('message', models.TextField(blank=True, max_length=1000, verbose_name='message')),
                ('proof_name', models.CharField(blank=True, editable=False, max_length=32)),
                ('proof_type', models.CharField(blank=True, editable=False, max_length=20)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='reçue le')),
                ('decision', models.CharField(blank=True, choices=[('keep', 'garder le compte tel qu’il est'), ('transfer', 'retirer le compte à son détenteur actuel'), ('new_email', 'envoyer un lien à la nouvelle adresse'), ('unblock', 'débloquer le compte'), ('correct', 'corriger le nom de naissance'), ('unfreeze', 'rendre l’usage des droits'), ('keep_frozen', 'laisser l’usage des droits suspendu'), ('refuse', 'refuser'), ('reply', 'répondre')], max_length=12, verbose_name='décision')),
                ('answer', models.TextField(blank=True, max_length=1000, verbose_name='réponse à la personne')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='traitée le')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='traitée par')),
                ('titulaire', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='support_requests', to='accounts.titulaire', verbose_name='titulaire')),
            ],
            options={
                'verbose_name': 'demande à l’assistance',
                'verbose_name_plural': 'demandes à l’assistance',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='SupportNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written_at', models.DateTimeField(auto_now_add=True, verbose_name='écrite le')),
                ('text', models.TextField(max_length=1000, verbose_name='note')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agent')),
                ('titulaire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='support_notes', to='accounts.titulaire', verbose_name='titulaire')),
            ],
            options={
                'verbose_name': 'note de l’assistance',
                'verbose_name_plural': 'notes de l’assistance',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='NirRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='motif')),
                ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='proposé le')),
                ('state', models.CharField(choices=[('pending', 'à confirmer'), ('approved', 'confirmé'), ('refused', 'refusé')], default='pending', max_length=10, verbose_name='état')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='décidé le')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidé par')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposé par')),
                ('titulaire', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nir_releases', to='accounts.titulaire', verbose_name='titulaire')),
            ],
            options={
                'verbose_name': 'retrait d’un numéro',
                'verbose_name_plural': 'retraits de numéros',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='user',
            name='titulaire',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.titulaire', verbose_name='titulaire'),
        ),
        migrations.CreateModel(
            name='TotpDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('secret', accounts.crypto.EncryptedTextField(editable=False, verbose_name='secret')),
                ('last_step', models.BigIntegerField(default=-1, editable=False, verbose_name='dernier code accepté')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('user', models.ForeignKey(help_text='The user that this device belongs to.', on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'appareil du personnel',
                'verbose_name_plural': 'appareils du personnel',
            },
        ),
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('signed_up', 'Création du compte'), ('signed_in', 'Connexion'), ('email_confirmed', 'Adresse de courriel confirmée'), ('email_change_asked', 'Changement de courriel demandé'), ('email_changed', 'Adresse de courriel modifiée'), ('phones_changed', 'Téléphones modifiés'), ('address_changed', 'Adresse postale modifiée'), ('diploma_changed', 'Niveau de diplôme modifié'), ('notices_changed', 'Choix des avertissements modifié'), ('password_changed', 'Mot de passe modifié'), ('password_reset', 'Mot de passe oublié, puis remplacé'), ('session_ended', 'Connexion fermée'), ('sessions_ended', 'Toutes les autres connexions fermées'), ('codes_made', 'Codes de secours créés'), ('code_used', 'Code de secours utilisé'), ('data_downloaded', 'Données téléchargées'), ('support_asked', 'Demande envoyée à l’assistance'), ('support_answered', 'Réponse de l’assistance'), ('franceconnect_created', 'Compte créé avec FranceConnect'), ('franceconnect_linked', 'Identité vérifiée par FranceConnect'), ('franceconnect_unlinked', 'Lien avec FranceConnect retiré'), ('taken_over', 'Compte non vérifié repris par son titulaire avec FranceConnect\xa0: anciens accès fermés'), ('terms_accepted', 'Conditions générales d’utilisation acceptées'), ('found_by_staff', 'Compte trouvé par une recherche de l’assistance'), ('proof_examined', 'Justificatif de DIF examiné par l’assistance'), ('rights_corrected', 'Droits corrigés par l’assistance'), ('opened_by_staff', 'Compte consulté par l’assistance'), ('staff_action', 'Autre action de l’assistance'), ('blocked', 'Compte bloqué'), ('unblocked', 'Compte débloqué'), ('spending_frozen', 'Usage des droits suspendu'), ('spending_unfrozen', 'Usage des droits rendu'), ('confirmation_resent', 'Courriel de confirmation renvoyé par l’assistance'), ('reset_sent', 'Lien de nouveau mot de passe envoyé par l’assistance'), ('mail_resent', 'Courriel renvoyé par l’assistance'), ('unlocked', 'Essais de connexion remis à zéro par l’assistance'), ('signed_out_by_staff', 'Connexions fermées par l’assistance'), ('nir_revealed', 'Numéro de sécurité sociale affiché à l’assistance'), ('nir_disputed', 'Retrait du numéro examiné par l’assistance'), ('note_written', 'Note ajoutée par l’assistance')], max_length=40, verbose_name='événement')),
                ('happened_at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('detail', models.CharField(blank=True, max_length=200, verbose_name='précision')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='motif')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agent')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'événement de compte',
                'verbose_name_plural': 'événements de compte',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['happened_at', 'kind'], name='accountevent_moment_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'opened_by_staff'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='accountevent_opening_has_a_reason', violation_error_message='Indiquez pourquoi vous consultez ce compte.')],
            },
        ),
        migrations.CreateModel(
            name='FranceConnectLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer', models.CharField(max_length=200, verbose_name='fournisseur')),
                ('sub', models.CharField(max_length=255, verbose_name='identifiant chez le fournisseur')),
                ('acr', models.CharField(max_length=40, verbose_name='niveau de garantie')),
                ('linked_at', models.DateTimeField(auto_now_add=True, verbose_name='relié le')),
                ('last_used_at', models.DateTimeField(verbose_name='dernier passage')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='franceconnect_link', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'lien FranceConnect',
                'verbose_name_plural': 'liens FranceConnect',
                'constraints': [models.UniqueConstraint(fields=('issuer', 'sub'), name='franceconnect_identity_opens_one_account', violation_error_message='Cette identité ouvre déjà un autre compte.')],
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('confirmation', 'confirmation de l’inscription'), ('password_reset', 'mot de passe oublié'), ('password_changed', 'mot de passe modifié'), ('email_change', 'nouvelle adresse à confirmer'), ('email_change_asked', 'changement d’adresse demandé'), ('email_changed', 'adresse modifiée'), ('contact_changed', 'coordonnées modifiées'), ('new_browser', 'connexion d’un nouvel appareil'), ('recovery_codes', 'codes de secours créés'), ('support_received', 'demande reçue par l’assistance'), ('support_answered', 'réponse de l’assistance'), ('support_message', 'message de l’assistance'), ('account_transferred', 'compte retiré'), ('account_blocked', 'compte bloqué'), ('account_unblocked', 'compte débloqué'), ('inactivity', 'compte bientôt fermé'), ('account_closed', 'compte fermé'), ('account_taken_over', 'compte repris par son titulaire'), ('search_news', 'nouvelles formations de la semaine'), ('dossier', 'changement d’un dossier de formation'), ('staff_invitation', 'accès d’un agent'), ('dif_accepted', 'justificatif de DIF accepté'), ('dif_refused', 'justificatif de DIF refusé')], max_length=40, verbose_name='objet')),
                ('recipient', models.EmailField(blank=True, max_length=254, verbose_name='destinataire')),
                ('facts', models.JSONField(blank=True, default=dict, editable=False, verbose_name='éléments du texte')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='demandé le')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='envoyé le')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('next_attempt_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='prochain essai')),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='dernière erreur')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'courriel',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['created_at'], name='mail_waiting'), models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['sent_at'], name='mail_sent')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='utilisé le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'code de secours',
                'verbose_name_plural': 'codes de secours',
                'constraints': [models.UniqueConstraint(fields=('user', 'code_hash'), name='recoverycode_is_unique', violation_error_message='Ce code existe déjà.')],
            },
        ),
        migrations.CreateModel(
            name='TakeOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('franceconnect', 'reprise par la personne, avec FranceConnect'), ('support', 'retrait par l’assistance')], max_length=20, verbose_name='comment')),
                ('happened_at', models.DateTimeField(verbose_name='le')),
                ('account', models.PositiveBigIntegerField(verbose_name='ancien compte n°')),
                ('signed_up_at', models.DateTimeField(verbose_name='ancien compte créé le')),
                ('last_seen_at', models.DateTimeField(blank=True, null=True, verbose_name='dernière connexion')),
                ('declarations', models.PositiveIntegerField(default=0, verbose_name='déclarations retirées')),
                ('dif_cents', models.PositiveIntegerField(default=0, verbose_name='DIF repris (centimes)')),
                ('dif_spent_cents', models.PositiveIntegerField(default=0, verbose_name='DIF déjà utilisé (centimes)')),
                ('rights_spent_cents', models.PositiveIntegerField(default=0, verbose_name='droits dépensés (centimes)')),
                ('requests_cancelled', models.PositiveIntegerField(default=0, verbose_name='demandes annulées')),
                ('enrolments_left', models.PositiveIntegerField(default=0, verbose_name='inscriptions à examiner')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='vue le')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agent')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.supportrequest', verbose_name='demande')),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='vue par')),
                ('titulaire', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='take_overs', to='accounts.titulaire', verbose_name='titulaire')),
            ],
            options={
                'verbose_name': 'reprise de compte',
                'verbose_name_plural': 'reprises de compte',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('seen_at__isnull', True)), fields=['happened_at'], name='takeover_pending')],
            },
        ),
        migrations.AddIndex(
            model_name='supportrequest',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['kind', 'created_at'], name='supportrequest_open'),
        ),
        migrations.AddConstraint(
            model_name='supportrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state', 'closed'), models.Q(('decision', ''), _negated=True), models.Q(('answer', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('decided_at', None), ('decision', '')), _connector='OR'), name='supportrequest_closed_with_decision_and_answer', violation_error_message='Une demande traitée porte une décision et une réponse.'),
        ),
        migrations.AddConstraint(
            model_name='supportnote',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='supportnote_not_empty', violation_error_message='Écrivez la note.'),
        ),
        migrations.AddConstraint(
            model_name='nirrelease',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('titulaire',), name='nirrelease_one_pending', violation_error_message='Le retrait de ce numéro est déjà proposé.'),
        ),
        migrations.AddConstraint(
            model_name='nirrelease',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='nirrelease_has_a_reason', violation_error_message='Indiquez pourquoi le numéro est retiré.'),
        ),
        migrations.AddConstraint(
            model_name='nirrelease',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='nirrelease_needs_two_people', violation_error_message='Une autre personne doit confirmer ce retrait.'),
        ),
        migrations.AddConstraint(
            model_name='nirrelease',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='nirrelease_decided_by_somebody', violation_error_message='Une décision a un auteur et une date.'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='user_email_lower'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['phone_landline'], name='user_phone_landline'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['phone_mobile'], name='user_phone_mobile'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(condition=models.Q(('spending_frozen_at__isnull', False)), fields=['spending_frozen_at'], name='user_frozen'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_staff', True), ('titulaire', None)), models.Q(('is_staff', False), ('titulaire__isnull', False)), _connector='OR'), name='user_is_either_staff_or_titulaire', violation_error_message='Un compte appartient soit à un titulaire, soit à un membre du personnel.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('is_staff', True), models.Q(('phone_landline', ''), ('phone_mobile', ''), _negated=True), _connector='OR'), name='user_has_a_phone', violation_error_message='Un des deux numéros de téléphone doit être renseigné.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('is_staff', True), ('own_nir_index', ''), _connector='OR'), name='user_own_number_is_of_the_staff', violation_error_message='Le numéro d’un titulaire est celui de son dossier.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(condition=models.Q(('is_active', True), models.Q(('own_nir_index', ''), _negated=True)), fields=('own_nir_index',), name='user_of_the_staff_is_one_person', violation_error_message='Un autre agent a déjà donné ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='user_has_not_everything', violation_error_message='Personne ne peut tout administrer\xa0: donnez un rôle.'),
        ),
        migrations.AddConstraint(
            model_name='totpdevice',
            constraint=models.UniqueConstraint(fields=('user', 'confirmed'), name='totpdevice_is_unique', violation_error_message='Ce compte a déjà un appareil.'),
        ),
    ]
