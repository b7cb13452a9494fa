"""Lexicons of less-covered languages, with what reading texts and mail needs."""

from __future__ import annotations

from qa.language.lexicon import Lexicon, calendar, phrases, words

GERMAN = Lexicon(
    own_voice=words("ich wir mein meine meinen mir mich uns unser unsere unseren"),
    addressing=words("sie ihnen ihr danke ja nein bitte guten"),
    roster_fields=words("anwesend teilnehmer redner gäste"),
    chaired_by=phrases("vorsitz | unter dem vorsitz von"),
    spoken_genres=words("rede ansprache erklärung"),
    written_genres=words("pressemitteilung mitteilung bericht"),
    author_fields=phrases("von | redner | rednerin | rede von"),
    speech_date_fields=phrases("gehalten am | rede vom"),
    publication_fields=phrases("veröffentlicht | veröffentlicht am | aktualisiert"),
    speech_verbs=words("sagte erklärte betonte"),
    writing_verbs=words("schrieb"),
    months=calendar(
        """
        januar jänner | februar | märz | april | mai | juni | juli | august | september | oktober
        | november | dezember
        """
    ),
    weekdays=words(
        """
        montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
        """
    ),
    date_articles=words("den am"),
    before_dates=words("von vom am bis seit den"),
    offices=words(
        """
        ministerpräsident bundeskanzler bundeskanzlerin kanzler kanzlerin präsident präsidentin
        ministerin vorsitzender vorsitzende abgeordneter abgeordnete staatssekretär staatssekretärin
        """
    ),
    office_endings=words(
        """
        minister ministerin präsident präsidentin kanzler kanzlerin sekretär sekretärin vorsitzende
        vorsitzender abgeordnete abgeordneter direktor direktorin sprecherin beauftragte
        beauftragter
        """
    ),
    institutions=words("gmbh bundestag bundesrat landtag bundestages ministerium"),
    honorifics=words("herr frau"),
    masculine_honorifics=words("herr"),
    feminine_honorifics=words("frau"),
    addressed_offices=words("präsident präsidentin"),
    post_nominal_offices=words("MdB MdL"),
    conversation_roles=words(
        """
        moderatorin präsident präsidentin vizepräsident vizepräsidentin
        """
    ),
    role_modifiers=words("der die das"),
    question_labels=words("frage"),
    answer_labels=words("antwort"),
    heading_words=words(
        """
        hinweis achtung ort zeit thema datum teilnehmer quelle ergebnis beispiel zusammenfassung
        """
    ),
    name_particles=words("von das der zu zum zur"),
    articles=words("der die das"),
    office_prepositions=words("der für"),
    joining_words=words("der von"),
    label_particles=words("von der und"),
    place_particles=words("am der"),
    abbreviations_before_names=words("hr hrn"),
    abbreviations_before_numbers=words("nr abs bd"),
    divisions=words("kapitel teil abschnitt anhang vorwort einleitung"),
    ordinal_stops=True,
    site_sections=words("aktuelles nachrichten pressemitteilungen"),
    link_list_heads=phrases(
        """
        siehe auch | mehr zum thema | themen
        """
    ),
    buttons=phrases(
        """
        teilen | drucken | zurück | nach oben | weiter
        """
    ),
)
FRENCH = Lexicon(
    own_voice=words("je j' moi nous mon ma mes notre nos"),
    addressing=words("vous votre vos merci oui non bonjour"),
    roster_fields=words("présents participants intervenants invités"),
    chaired_by=phrases("présidence de | sous la présidence de"),
    spoken_genres=words("discours allocution déclaration"),
    written_genres=words("communiqué rapport"),
    author_fields=phrases("par | orateur | oratrice | discours de"),
    speech_date_fields=phrases("prononcé le | prononcée le"),
    publication_fields=phrases("publié le | publiée le | mis à jour le"),
    speech_verbs=phrases("a déclaré | a dit | a ajouté"),
    writing_verbs=phrases("a écrit | écrit"),
    months=calendar(
        """
        janvier | février fevrier | mars | avril | mai | juin | juillet | août aout | septembre |
        octobre | novembre | décembre decembre
        """
    ),
    weekdays=words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    date_articles=words("le"),
    day_endings=words("er"),
    before_dates=words("le du de"),
    offices=words(
        """
        président présidente ministre secrétaire directeur directrice député députée sénateur maire
        """
    ),
    institutions=words("république assemblée nationale conseil européenne"),
    honorifics=words("madame mme mlle monsieur fr"),
    masculine_honorifics=words("monsieur"),
    feminine_honorifics=words("madame mme mlle"),
    addressed_offices=words("président présidente"),
    conversation_roles=words("moderateur président présidente"),
    role_modifiers=words("le la de"),
    answer_labels=words("réponse"),
    heading_words=words("remarque lieu sujet exemple résumé"),
    name_particles=words("de du la le"),
    articles=words("le la"),
    office_prepositions=words("de du des"),
    joining_words=words("de du la des"),
    label_particles=words("de du la le et"),
    place_particles=words("de la le du des"),
    abbreviations_before_names=words("mme mlle fr"),
    divisions=words("chapitre partie préface annexe"),
    site_sections=phrases(
        """
        actualités | communiqués de presse
        """
    ),
    link_list_heads=phrases(
        """
        voir aussi | lire aussi | à lire aussi | mots-clés
        """
    ),
    buttons=words("partager imprimer retour"),
)
SPANISH = Lexicon(
    own_voice=words("yo nosotros nosotras mi mis nuestro nuestra nuestros nuestras"),
    addressing=words("usted ustedes su señoría señorías gracias sí"),
    weekdays=words("lunes martes miércoles jueves viernes sábado domingo"),
    roster_fields=words("asistentes participantes ponentes"),
    chaired_by=phrases("presidencia de | presidencia del | bajo la presidencia de"),
    spoken_genres=words("discurso declaración intervención"),
    written_genres=words("comunicado informe"),
    author_fields=phrases("orador | oradora | discurso de"),
    speech_date_fields=phrases("pronunciado el | pronunciada el"),
    publication_fields=phrases("publicado el | publicada el | actualizado el"),
    writing_verbs=words("escribió"),
    months=calendar(
        """
        enero | febrero | marzo | abril | mayo | junio | julio | agosto | septiembre | octubre |
        noviembre | diciembre
        """
    ),
    date_articles=words("el"),
    date_joiners=words("de del"),
    before_dates=words("del"),
    offices=words(
        """
        presidente presidenta vicepresidente vicepresidenta ministro ministra secretario secretaria
        directora diputado diputada
        """
    ),
    institutions=words("república reino española consejo gobierno"),
    honorifics=words("sr sra señor señora"),
    masculine_honorifics=words("sr señor"),
    feminine_honorifics=words("sra señora"),
    question_labels=words("pregunta"),
    answer_labels=words("respuesta"),
    name_particles=words("del el y san santa"),
    articles=words("el"),
    office_prepositions=words("del"),
    joining_words=words("del"),
    label_particles=words("y del"),
    place_particles=words("del"),
    abbreviations_before_names=words("sra srta dña"),
    abbreviations_before_numbers=words("núm"),
    divisions=words("capítulo parte prólogo"),
    site_sections=words("noticias"),
    link_list_heads=phrases(
        """
        véase también
        """
    ),
    buttons=words("compartir"),
)
ITALIAN = Lexicon(
    own_voice=words("io noi mio mia nostro nostra miei nostri"),
    addressing=words("lei voi grazie sì suo vostro"),
    weekdays=words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
    writing_verbs=phrases("ha scritto | scrive"),
    months=calendar(
        """
        gennaio | febbraio | marzo | aprile | maggio | giugno | luglio | agosto | settembre |
        ottobre | novembre | dicembre
        """
    ),
    honorifics=words("signor signora"),
    masculine_honorifics=words("signor"),
    feminine_honorifics=words("signora"),
    name_particles=words("della di da"),
    place_particles=words("di da"),
    divisions=words("capitolo"),
)
PORTUGUESE = Lexicon(
    articles=words("o a os as"),
    joining_words=words("do da dos das"),
    offices=words("ministro ministra presidente deputado deputada secretário secretária"),
    own_voice=words("eu nós meu minha nosso nossa"),
    addressing=words("você vossa excelência obrigado obrigada sim não"),
    writing_verbs=words("escreveu"),
    months=calendar(
        """
        janeiro | fevereiro | março | abril | maio | junho | julho | agosto | setembro | outubro |
        novembro | dezembro
        """
    ),
    honorifics=words("senhor"),
    name_particles=words("dos da do e"),
    place_particles=words("do da"),
)
DANISH = Lexicon(
    own_voice=words("jeg vi min mit vores"),
    addressing=words("du tak ja nej deres"),
    weekdays=words("mandag tirsdag onsdag torsdag fredag lørdag søndag"),
    writing_verbs=words("skrev"),
    months=calendar(
        """
        januar | februar | marts | april | maj | juni | juli | august | september | oktober |
        november | december
        """
    ),
    ordinal_stops=True,
    name_particles=words("af av"),
)
DUTCH = Lexicon(
    own_voice=words("ik wij mijn ons onze"),
    addressing=words("u uw jij dank ja nee"),
    months=calendar(
        """
        januari | februari | maart | april | mei | juni | juli | augustus | september | oktober |
        november | december
        """
    ),
    weekdays=words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
    honorifics=words("mevrouw meneer heer dhr mevr"),
    masculine_honorifics=words("meneer heer dhr"),
    feminine_honorifics=words("mevrouw mevr"),
    articles=words("de het"),
    writing_verbs=words("schreef"),
    name_particles=words("van ter ten den"),
    joining_words=words("van"),
    label_particles=words("van"),
)
SWEDISH = Lexicon(
    own_voice=words("jag vi min mitt vår vårt"),
    addressing=words("du ni tack ja nej er"),
    months=calendar(
        """
        januari | februari | mars | april | maj | juni | juli | augusti | september | oktober |
        november | december
        """
    ),
    weekdays=words(
        """
        måndag tisdag onsdag torsdag fredag lördag söndag måndagen tisdagen onsdagen torsdagen
        fredagen lördagen söndagen
        """
    ),
    honorifics=words("fru"),
)
POLISH = Lexicon(
    own_voice=words("ja my mój moja nasz nasza nam nas mnie"),
    addressing=words("pan pani państwo dziękuję tak nie proszę"),
    months=calendar(
        """
        stycznia | lutego | marca | kwietnia | maja | czerwca | lipca | sierpnia | września |
        października | listopada | grudnia
        """
    ),
    weekdays=words("poniedziałek wtorek środa czwartek piątek sobota niedziela"),
    honorifics=words("pan pani poseł posłanka senator"),
    writing_verbs=words("napisał napisała"),
)
UKRAINIAN = Lexicon(
    own_voice=words("я ми мій моя наш наша наші мені мене нам нас"),
    addressing=words("ви вам вас ваш ваша дякую так ні прошу"),
    months=calendar(
        """
        січень січня | лютий лютого | березень березня | квітень квітня | травень травня |
        червень червня | липень липня | серпень серпня | вересень вересня | жовтень жовтня |
        листопад листопада | грудень грудня
        """
    ),
    weekdays=words("понеділок вівторок середа четвер п'ятниця субота неділя"),
    roster_fields=words("присутні учасники"),
    chaired_by=phrases("веде засідання | головує"),
    spoken_genres=words("промова виступ звернення заява стенограма"),
    author_fields=words("автор промовець доповідач"),
    speech_date_fields=words("виголошено"),
    publication_fields=words("опубліковано"),
    conversation_roles=words("головуючий головуюча ведучий ведуча голова"),
    writing_verbs=words("пише написав"),
)
FINNISH = Lexicon(
    writing_verbs=words("kirjoitti"),
)
HUNGARIAN = Lexicon(
    writing_verbs=words("írta"),
)
TURKISH = Lexicon(
    writing_verbs=words("yazdı"),
)
IRISH = Lexicon(
    name_particles=words("ó ní"),
)
ARABIC = Lexicon(
    name_particles=words("al bin ibn ben bint abu ap ul ur"),
    joining_words=words("bin al"),
)
CHINESE = Lexicon(
    question_labels=words("问 問 记者 記者"),
    answer_labels=words("答"),
)
LEXICONS = (
    GERMAN,
    FRENCH,
    SPANISH,
    ITALIAN,
    PORTUGUESE,
    DANISH,
    DUTCH,
    SWEDISH,
    POLISH,
    UKRAINIAN,
    FINNISH,
    HUNGARIAN,
    TURKISH,
    IRISH,
    ARABIC,
    CHINESE,
)
