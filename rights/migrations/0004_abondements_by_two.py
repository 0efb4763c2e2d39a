from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_load_synonyms'),
        ('rights', '0003_load_parameters'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='correctionproposal',
            options={'verbose_name': 'correction ou abondement à valider', 'verbose_name_plural': 'corrections et abondements à valider'},
        ),
        migrations.AddField(
            model_name='correctionproposal',
            name='certifications',
            field=models.ManyToManyField(blank=True, help_text='Vide\xa0: utilisable pour toute formation.', related_name='+', to='catalogue.certification', verbose_name='certifications'),
        ),
        migrations.AddField(
            model_name='correctionproposal',
            name='conditions',
            field=models.CharField(blank=True, help_text='La personne les lit sur sa page.', max_length=300, verbose_name='conditions'),
        ),
        migrations.AddField(
            model_name='correctionproposal',
            name='expires_on',
            field=models.DateField(blank=True, null=True, verbose_name='utilisable jusqu’au'),
        ),
        migrations.AddField(
            model_name='correctionproposal',
            name='financer',
            field=models.CharField(choices=[('employer', 'Employeur'), ('opco', 'Opérateur de compétences'), ('state', 'État'), ('region', 'Région'), ('france_travail', 'France Travail'), ('agefiph', 'Agefiph'), ('c2p', 'Compte professionnel de prévention'), ('at_mp', 'Branche accidents du travail et maladies professionnelles'), ('faf', 'Fonds d’assurance formation des indépendants'), ('chamber', 'Chambre de métiers'), ('local', 'Autre collectivité territoriale'), ('unedic', 'Unédic'), ('civic', 'Compte d’engagement citoyen'), ('health', 'Réserve sanitaire'), ('other', 'Autre financeur')], default="", max_length=20, verbose_name='financeur'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='correctionproposal',
            name='financer_name',
            field=models.CharField(default="", max_length=120, verbose_name='nom du financeur'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='correctionproposal',
            name='is_used_before_cpf',
            field=models.BooleanField(default=True, verbose_name='utilisé avant le CPF'),
        ),
        migrations.AddField(
            model_name='correctionproposal',
            name='legal_basis',
            field=models.CharField(default="", max_length=200, verbose_name='base légale'),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='correctionproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('financer', ''), ('financer_name', '')), models.Q(models.Q(('financer', ''), _negated=True), ('amount_cents__gte', 1), ('pocket', 'abondement')), _connector='OR'), name='correctionproposal_abondement_is_one', violation_error_message='Un abondement ajoute à sa poche, de la part d’un financeur.'),
        ),
        migrations.AlterField(
            model_name='movement',
            name='kind',
            field=models.CharField(choices=[('yearly_credit', 'Alimentation annuelle'), ('hours_conversion', 'Conversion d’heures en euros'), ('dif', 'Heures de DIF'), ('abondement', 'Abondement'), ('correction', 'Correction'), ('reservation', 'Réservation pour une formation'), ('release', 'Réservation rendue'), ('spend', 'Formation payée'), ('expiry', 'Abondement arrivé à son terme'), ('dif_withdrawal', 'Retrait d’heures de DIF')], max_length=30, verbose_name='nature'),
        ),
    ]
