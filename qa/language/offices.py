"""The vocabulary of offices, institutions, honorifics and headings, and what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

# Words for a person who holds an office or does a job.
_HEADS = frozenset(
    """
    president vice-president chairman chairwoman chairperson chair co-chair cochair speaker
    premier prime minister secretary secretary-general director director-general deputy head
    chief commissioner ambassador representative governor governor-general mayor senator
    congressman congresswoman congressperson judge justice chancellor king queen prince
    princess emperor sultan emir pope cardinal archbishop bishop patriarch rabbi mufti
    professor dean rector provost principal researcher fellow scientist analyst economist
    engineer adviser advisor aide assistant attorney prosecutor solicitor barrister counsel
    lawyer ombudsman ombudswoman commander commander-in-chief admiral general colonel major
    captain lieutenant sergeant marshal brigadier commodore inspector superintendent officer
    ceo cfo cto coo founder co-founder owner manager executive editor editor-in-chief
    correspondent reporter journalist spokesman spokeswoman spokesperson moderator host
    presenter envoy plenipotentiary rapporteur coordinator co-ordinator member employee
    delegate councillor councilman councilwoman councilmember alderman sheriff treasurer
    auditor controller comptroller registrar clerk leader premier taoiseach tánaiste consul
    attaché attache negotiator expert consultant specialist lecturer teacher surgeon
    physician nurse librarian historian author writer architect coach undersecretary
    under-secretary under-secretary-general spokeswoman observer trustee magistrate
    constable chaplain curator conductor composer producer epidemiologist biologist
    physicist chemist psychologist sociologist programmer developer designer technician
    farmer resident student activist campaigner volunteer organiser organizer interpreter
    arbitrator mediator facilitator panelist panellist investigator ministerpräsident
    bundeskanzler bundeskanzlerin kanzler kanzlerin präsident präsidentin minister
    ministerin vorsitzender vorsitzende abgeordneter abgeordnete staatssekretär
    staatssekretärin président présidente ministre secrétaire directeur directrice député
    députée sénateur maire presidente ministro ministra secretario secretaria director
    directora diputado
    """.split()
)
# Words that stand in the names of offices and bodies and in no person's name.
_INSTITUTIONS = frozenset(
    """
    republic federation states kingdom union council assembly parliament duma senate house
    commons lords committee subcommittee commission ministry department agency office bureau
    service services organisation organization treaty bank fund university institute academy
    college school court tribunal affairs defence defense interior finance finances health
    education economy economics trade industry energy transport transportation environment
    agriculture culture labour labor security emergencies foreign internal national
    international federal supreme constitutional central regional district city county
    province oblast krai staff forces army navy police party group company corporation inc
    ltd llc plc gmbh association society foundation center centre board cabinet government
    nations world state relations policy research science sciences technology innovation
    development cooperation planning operations communications communication information
    media press public legal economic political military social scientific technical
    financial administrative civil special senior junior first second acting interim former
    outgoing honorary permanent executive legislative judicial joint collective strategic
    nuclear monetary financial mission delegation secretariat directorate administration
    authority authorities division section unit branch laboratory centre hospital clinic
    museum library theatre church diocese nation opposition government majority minority
    chamber mazhilis treasury exchequer budget revenue customs tourism fisheries forestry
    forests resources housing infrastructure planning welfare pensions seniors youth women
    families sport sports works procurement reform reconciliation immigration citizenship
    refugees migration justice supervision monitoring control statistics league alliance
    confederation congress convention conference forum summit network initiative programme
    program project partnership holdings partners associates times post agence news radio
    television tv north-west euro-atlantic eurasian european american african asian russian
    british french german chinese japanese indian canadian australian ukrainian belarusian
    polish turkish iranian israeli república reino bundestag bundesrat landtag bundestages
    ministerium république assemblée nationale conseil commission européenne española
    consejo gobierno
    """.split()
)
_PROFESSION_ENDINGS = ("ologist", "ographer", "ician", "master", "олог")
_GERMAN_HEADS = tuple(
    """
    minister ministerin präsident präsidentin kanzler kanzlerin sekretär sekretärin
    vorsitzende vorsitzender abgeordnete abgeordneter direktor direktorin sprecherin
    beauftragte beauftragter
    """.split()
)
_RUSSIAN_HEADS = tuple(
    """
    президент вице-президент председател сопредседател министр премьер секретар госсекретар
    директор гендиректор глав заместител зам замминистр представител полпред руководител
    начальник губернатор мэр депутат сенатор посол советник помощник командующ
    главнокомандующ академик профессор ректор декан уполномоченн комиссар спикер вице-спикер
    канцлер корол патриарх митрополит епископ прокурор судь адвокат генерал полковник майор
    капитан адмирал маршал лейтенант эксперт аналитик корреспондент журналист ведущ
    модератор член сотрудник научн управляющ основател координатор атташе консул омбудсмен
    инспектор аудитор вице-премьер инженер архитектор доктор первый пресс-секретар врач учител
    """.split()
)
_RUSSIAN_INSTITUTIONS = tuple(
    """
    республик федерац государств правительств совет собрани парламент дум сенат палат
    комитет комисси министерств департамент агентств бюро служб организац договор банк фонд
    университет институт академи суд иностранн внутренн дел оборон финанс здравоохранен
    образован экономик экономическ торговл промышленност энергетик транспорт культур труд
    безопасност чрезвычайн ситуац федеральн верховн конституционн центральн региональн
    област край район город штаб сил арми флот парти групп компани корпораци ассоциаци
    общест администрац национальн народн союз оон снг евразийск центр управлен отдел сектор
    исполнительн генеральн постоянн чрезвычайн полномочн
    """.split()
)
# Officers and parts in a conversation that labels name without a person.
_ROLES = frozenset(
    """
    chair chairman chairwoman chairperson speaker president moderator host interviewer
    interviewee operator narrator court witness clerk bailiff judge foreperson foreman juror
    jury defendant plaintiff counsel prosecutor interpreter translator facilitator presenter
    announcer panelist panellist participant respondent reporter journalist correspondent
    anchor commentator secretary rapporteur convener convenor member members vice-president
    vice-chair co-chair deputy acting secretary-general audience student teacher caller
    guest officer dispatcher chancellor mayor председатель председательствующий
    председательствующая модератор ведущий ведущая спикер корреспондент журналист секретарь
    переводчик реплика участник слушатель moderatorin präsident präsidentin vizepräsident
    vizepräsidentin moderateur président présidente
    """.split()
)
_ADDRESSED_OFFICES = frozenset(
    """
    speaker president chair chairman chairwoman chairperson moderator secretary
    председатель präsident präsidentin président présidente
    """.split()
)
_ROLE_FILLERS = frozenset(
    """
    the an a acting deputy vice pro tempore presiding temporary unidentified unknown male
    female hon honourable honorable some several first second third committee der die le la
    de das from audience officer conference voice voices legislative
    """.split()
)
_QUESTION_LABELS = frozenset(
    """
    q question reporter journalist interviewer correspondent вопрос корреспондент журналист
    frage 问 問 记者 記者 интервьюер pregunta
    """.split()
)
_ANSWER_LABELS = frozenset(["a", "answer", "ответ", "antwort", "réponse", "respuesta", "答"])
_HONORIFICS = frozenset(
    """
    mr mrs ms miss mx cllr ald dr prof professor sir dame lord lady baroness baron viscount hon
    honourable honorable right rt madam madame mme mlle monsieur herr frau sr sra señor
    señora senhor rev reverend fr father sister brother sheikh shaikh his her excellency h.e
    he. messrs г-н г-жа гн господин госпожа товарищ тов д-р проф пан пани signor signora
    sen. rep. gov.
    """.split()
)
_MALE = frozenset(
    """
    mr sir lord baron viscount monsieur herr sr señor г-н господин signor
    """.split()
)
_FEMALE = frozenset(
    """
    mrs ms miss dame lady baroness madam madame mme mlle frau sra señora г-жа госпожа
    signora
    """.split()
)
_POST_NOMINAL_OFFICES = frozenset(
    """
    MP AM MS MSP MEP MLA MPP TD MHA MNA MLC MdB MdL MK
    """.split()
)
_POST_NOMINAL_DEGREES = frozenset(
    """
    PhD Ph.D. Ph.D MD M.D. QC KC SC Esq Esq. CBE OBE MBE KBE CB CMG DBE FRS Jr Jr. Sr. MBA
    LLM JD
    """.split()
)
# Words of headings, form fields and notes. A label that holds one is no person.
_HEADINGS = frozenset(
    """
    note notes nb topic topics time date venue place location participants attendees present
    apologies absent contact contacts source sources photo photos image summary background
    agenda introduction conclusion conclusions abstract keywords keyword findings finding
    recommendations recommendation results result methods method discussion overview outline
    contents table figure chart box appendix annex references bibliography example examples
    importantly however therefore moreover furthermore additionally also first firstly
    second secondly third thirdly finally lastly clearly notably remember warning caution
    important tip tips hint update updates updated correction editor's ps re subject title
    headline author authors editor editors publisher published language languages price cost
    costs total subtotal phone telephone tel fax email e-mail mail address website web site
    url link links http https www download version status type category categories tags tag
    name names position job role department responsibilities duties requirements requirement
    skills experience education hobbies problem problems solution solutions pros cons
    advantages disadvantages strengths weaknesses opportunities threats goal goals objective
    objectives aim aims purpose task tasks step steps phase stage key main next previous
    following see read more about further press media release statement statements speech
    speeches remarks opening closing keynote welcome executive final draft report reports
    article articles chapter section part paragraph item items point points day days week
    month year years monday tuesday wednesday thursday friday saturday sunday january
    february march april june july august september october november december today
    yesterday tomorrow morning afternoon evening hours deadline duration schedule programme
    program event events session meeting meetings conference workshop seminar panel lecture
    course exam test tests question questions answer answers issue issues decision decisions
    resolution resolutions action actions motion vote votes amendment amendments minutes
    order orders resolved whereas fact facts figures data evidence claim claims argument
    reason reasons cause causes effect effects benefit benefits risk risks challenge
    challenges lesson lessons quote quotes quotation caption credit credits copyright
    disclaimer privacy terms conditions rules rule exception exceptions input output default
    usage warning error errors success failure yes no true false option options ingredients
    directions preparation serves translation translated transcript recording video audio
    live watch listen share follow related edition volume number no. page pages isbn doi
    issn license licence attachments attachment enclosure enclosures cc bcc from to dear
    hello hi thanks sincerely regards signed signature sponsor sponsors sponsored partner
    partners organizers organisers organizer speakers guests host hosts moderators jury
    winners winner score final half quarter registration admission entry entrance tickets
    free here there this that these those it he she they we you i what why how when where
    who which whose if but and or so then now because although while since until our your
    their his her its my one two three four five six seven eight nine ten history future
    past blue-sky vision mission values strategy strategic plan plans planning budget scope
    context approach analysis assessment evaluation review monitoring implementation
    definition definitions term bottom line good bad best worst news breaking exclusive
    watch correction trending opinion analysis comment comments feedback views view thoughts
    idea ideas ground grounds verdict sentence ruling judgment judgement case background
    subject object objectivity held примечание тема темы время дата место участники источник
    фото итоги вывод выводы задача задачи цель цели вопросы повестка контакты контакт
    телефон адрес сайт важно например итак внимание справка программа мероприятие заявление
    выступление раздел глава часть пункт результат результаты решение решения проблема
    проблемы причина причины сегодня вчера завтра автор авторы редактор перевод язык статус
    категория ссылка ссылки подробнее напоминаем кстати однако наконец присутствовали
    отсутствовали слушали постановили решили выступили резюме введение заключение hinweis
    achtung ort zeit thema datum teilnehmer quelle ergebnis beispiel zusammenfassung
    remarque lieu sujet exemple résumé conclusion
    """.split()
)
# Ordinary words that are also given names or surnames: an office word among them may be a name.
_ALSO_SURNAMES = frozenset(
    """
    king major judge bishop dean marshall pope prince justice chancellor may west north east
    young white brown green black sheriff coach cook baker price day page field church house
    school bond constable chaplain marshal captain bank english french german ireland
    england holland sergeant deacon abbot cardinal potter fisher miller stone ford best case
    post he so you long weeks good true grant mission winner score speech
    """.split()
)
_ALSO_GIVEN = frozenset(
    """
    dean major king prince earl duke justice bishop judge page may june april august he so
    you long
    """.split()
)
_NOUN_ENDINGS = ("tion", "tions", "sion", "sions", "ship", "ness", "ology", "ogies", "ities", "ity",
                 "ments", "ment", "ics", "isation", "ances", "ences")  # fmt: skip
_NAMES_LIKE_NOUNS = frozenset(
    """
    clement climent trinity charity felicity chastity verity holness harkness guinness
    winship blankenship ness
    """.split()
)
_RUSSIAN_ENDINGS = frozenset(
    """
    а я у ю е и ы о й ь ом ем ой ей ам ям ах ях ами ями ый ий ого его ому ему ым им ых их
    ыми ими ая яя ую юю ое ее ые ие ия ии ию ием ией ья ью ство ства ству ством стве
    """.split()
) | {""}


@lru_cache(maxsize=1 << 14)
def fold_word(word: str) -> str:
    """A word in lower case without the punctuation around it."""
    return word.strip(".,;:()[]«»“”\"'’‘—–-").casefold().replace("’", "'")


def is_office_word(word: str) -> bool:
    """Whether the word names an office or a job ("Secretary-General")."""
    folded = fold_word(word)
    if folded in _HEADS:
        return True
    if "-" in folded and any(part in _HEADS for part in folded.split("-")):
        return not folded.split("-")[0].isdigit()
    if folded.endswith(_PROFESSION_ENDINGS) and len(folded) > 6:
        return True
    return folded.endswith(_GERMAN_HEADS) or _inflects(folded, _RUSSIAN_HEADS)


def is_institution_word(word: str) -> bool:
    """Whether the word stands in names of bodies and fields of work but not of persons."""
    folded = fold_word(word)
    if folded in _INSTITUTIONS or _inflects(folded, _RUSSIAN_INSTITUTIONS):
        return True
    if "-" in folded and any(part in _INSTITUTIONS for part in folded.split("-")):
        return True
    return folded.endswith(_NOUN_ENDINGS) and folded not in _NAMES_LIKE_NOUNS


def _inflects(word: str, stems: tuple[str, ...]) -> bool:
    """Whether the word is one of the stems with an ending of its declension.

    The endings -ов, -ев and -ин are left out: on these stems they make surnames.
    """
    if not word.startswith(stems):
        return False
    return any(word.startswith(stem) and word[len(stem) :] in _RUSSIAN_ENDINGS for stem in stems)


def is_heading_word(word: str) -> bool:
    """Whether the word belongs to headings, form fields and notes."""
    return fold_word(word) in _HEADINGS


def is_conversation_role(label: str) -> bool:
    """Whether the label names a part in a conversation alone: "The Chair", "THE COURT"."""
    words = [fold_word(word) for word in label.replace(".", " ").split()]
    words = [word for word in words if word]
    if len(words) == 2 and addresses_an_office(label):
        return True
    if words and words[-1].isdigit():
        words.pop()
    return (
        0 < len(words) <= 6
        and any(word in _ROLES for word in words)
        and all(word in _ROLES or word in _ROLE_FILLERS for word in words)
    )


def addresses_an_office(label: str) -> bool:
    """Whether the label is how an officer is spoken to ("Mr Speaker", "Madam Chair")."""
    words = [fold_word(word) for word in label.split()]
    return len(words) == 2 and is_honorific(words[0]) and words[1] in _ADDRESSED_OFFICES


def is_question_label(label: str) -> bool:
    """Whether the label is a questioner's without a name: "Q", "Question", "Reporter"."""
    words = label.split()
    if len(words) == 2 and words[1].isdigit():
        words.pop()
    return len(words) == 1 and fold_word(words[0]) in _QUESTION_LABELS


def is_answer_label(label: str) -> bool:
    """Whether the label is the answerer's without a name: "A", "Answer"."""
    return len(label) <= 12 and fold_word(label) in _ANSWER_LABELS


def is_honorific(word: str) -> bool:
    """Whether the word is a form of address that goes before a name."""
    folded = word.casefold().rstrip(",")
    return folded in _HONORIFICS or folded.rstrip(".") in _HONORIFICS


def gender_of(honorific: str) -> str | None:
    """ "m" or "f" where the form of address says it."""
    folded = honorific.casefold().rstrip(".")
    return "m" if folded in _MALE else "f" if folded in _FEMALE else None


def is_office_abbreviation(word: str) -> bool:
    """Whether the letters after a name say an elected office ("MP")."""
    return word in _POST_NOMINAL_OFFICES


def is_degree(word: str) -> bool:
    """Whether the letters after a name are a degree or a distinction ("PhD")."""
    return word in _POST_NOMINAL_DEGREES


def may_be_surname(word: str) -> bool:
    """Whether the office or institution word is a common surname too ("King")."""
    return fold_word(word) in _ALSO_SURNAMES


def may_be_given_name(word: str) -> bool:
    """Whether the office word is a given name too ("Dean")."""
    return fold_word(word) in _ALSO_GIVEN


_COUNTRIES = """
Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahrain|
Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia and Herzegovina|Botswana|
Brazil|Brunei|Bulgaria|Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Chad|Chile|China|
Colombia|Congo|Costa Rica|Croatia|Cuba|Cyprus|Czechia|Denmark|Djibouti|East Timor|Ecuador|Egypt|
El Salvador|England|Equatorial Guinea|Eritrea|Estonia|Eswatini|Ethiopia|Fiji|Finland|France|Gabon|
Gambia|Georgia|Germany|Ghana|Great Britain|Greece|Grenada|Guatemala|Guinea|Guinea-Bissau|Guyana|
Haiti|Honduras|Hong Kong|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|
Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|
Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia|Maldives|Mali|
Malta|Mauritania|Mauritius|Mexico|Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|
Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Korea|North Macedonia|
Northern Ireland|Norway|Oman|Pakistan|Palestine|Panama|Papua New Guinea|Paraguay|Peru|
Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|San Marino|Saudi Arabia|Scotland|Senegal|
Serbia|Seychelles|Sierra Leone|Singapore|Slovakia|Slovenia|Somalia|South Africa|South Korea|
South Sudan|Spain|Sri Lanka|Sudan|Suriname|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|
Thailand|Togo|Tonga|Trinidad and Tobago|Tunisia|Turkey|Türkiye|Turkmenistan|Tuvalu|Uganda|Ukraine|
United Arab Emirates|Uruguay|Uzbekistan|Vanuatu|Venezuela|Vietnam|Viet Nam|Wales|Yemen|Zambia|
Zimbabwe|Europe|Africa|Asia|Latin America|New York|New York City|Los Angeles|San Francisco|
New Jersey|New Mexico|New Hampshire|North Carolina|South Carolina|North Dakota|South Dakota|
West Virginia|Rhode Island|New South Wales|Western Australia|South Australia|British Columbia|
Nova Scotia|New Brunswick|Buenos Aires|Rio de Janeiro|São Paulo|New Delhi|San Diego|Las Vegas|
St Petersburg|St. Petersburg|Saint Petersburg|
России|Беларуси|Белоруссии|Украины|Казахстана|Армении|Азербайджана|Грузии|Молдавии|Молдовы|
Киргизии|Кыргызстана|Таджикистана|Узбекистана|Туркменистана|Туркмении|Латвии|Литвы|Эстонии|
Финляндии|Швеции|Норвегии|Дании|Польши|Чехии|Словакии|Венгрии|Румынии|Болгарии|Сербии|Хорватии|
Словении|Греции|Турции|Италии|Испании|Португалии|Франции|Германии|Австрии|Швейцарии|Бельгии|
Нидерландов|Люксембурга|Великобритании|Ирландии|Исландии|Канады|Мексики|Бразилии|Аргентины|Чили|
Кубы|Венесуэлы|Китая|Японии|Индии|Пакистана|Ирана|Ирака|Сирии|Израиля|Египта|Алжира|Монголии|
Вьетнама|Индонезии|Малайзии|Таиланда|Австралии|Новой Зеландии|Южной Кореи|Северной Кореи|
Южной Африки|Южной Осетии|Абхазии|Саудовской Аравии|Москвы|Санкт-Петербурга|Киева|Минска|США|КНР|
КНДР|ОАЭ|РФ|Беларусь|Армения|Казахстан|Таджикистан|Узбекистан|Туркменистан|Молдова|Корея|Татарстан|
Башкортостан|Дагестан|Крым|Карелия|Коми|Калмыкия|Абхазия|Польша|Чили|Индия|Кипр
"""
_NAMES = frozenset(
    tuple(name.strip().casefold().split()) for name in _COUNTRIES.split("|") if name.strip()
)
_LONGEST = max(map(len, _NAMES))
_FIRST_PARTS = frozenset(
    """
    new san los las saint st st. south north east west el la le rio santa hong cape port sri
    great united upper lower central western eastern northern southern greater inner outer
    fort mount palm salt baton abu tel addis kuala phnom buenos ho
    """.split()
)


def place_length(words: Sequence[str]) -> int:
    """How many of the first words are a known place's name; 0 if none are."""
    folded = [word.casefold().strip(",.") for word in words[:_LONGEST]]
    for length in range(len(folded), 0, -1):
        if tuple(folded[:length]) in _NAMES:
            return length
    return 0


def begins_compound_place(word: str) -> bool:
    """Whether the word usually needs another one to be a place ("New …")."""
    return word.casefold() in _FIRST_PARTS
