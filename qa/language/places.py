"""Names of countries, so that "President of South Africa Jane Doe" is cut in the right place."""

from __future__ import annotations

from collections.abc import Sequence

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
