"""The English lexicon."""

from __future__ import annotations

from qa.language.lexicon import Lexicon, calendar, phrases, words

ENGLISH = Lexicon(
    speech_verbs=phrases(
        """
        says | said | tells | told | states | stated | declares | declared | announces | announced |
        adds | added | notes | noted | argues | argued | warns | warned | asks | asked | replies |
        replied | answers | answered | explains | explained | insists | insisted | claims | claimed
        | remarks | remarked | observes | observed | stresses | stressed | emphasises | emphasised |
        emphasizes | emphasized | admits | admitted | recalls | recalled | concludes | concluded |
        continues | continued | promises | promised | suggests | suggested | maintains | maintained
        | complains | complained | calls | called | describes | described | reports | reported |
        testifies | testified | asserts | asserted | comments | commented | proposes | proposed |
        objects | objected | acknowledges | acknowledged | concedes | conceded | responds |
        responded | thanked | urges | urged | underlines | underlined | underscores | underscored |
        highlights | highlighted | puts it | put it | points out | pointed out | sums up | summed up
        """
    ),
    writing_verbs=words("writes wrote"),
    naming_verbs=words("calls called describes described"),
    addressing_verbs=words(
        """
        tells told asks asked warns warned urges urged thanked answers answered promises promised
        reports reported
        """
    ),
    after_addressees=words("to that not"),
    speech_participles=words("saying telling"),
    noun_like_verbs=words(
        """
        answers calls claims comments highlights notes objects promises remarks replies reports
        states stresses
        """
    ),
    before_nouns=words(
        """
        a an the this these those his her its their our my your no some any of in for with by on
        from
        """
    ),
    speech_infinitives=words(
        """
        say tell state declare announce add note argue warn ask reply answer explain insist claim
        remark observe stress emphasise emphasize admit recall conclude continue promise suggest
        maintain complain call describe report testify assert comment propose object acknowledge
        concede respond thank urge underline underscore highlight write point
        """
    ),
    stance_verbs=words(
        """
        think thought believe believed mention mentioned criticise criticised criticize criticized
        express expressed deny denied demand demanded recommend recommended want wanted wish feel
        felt agree agreed disagree disagreed pointed talk talked speak spoke discuss discussed
        justify justified view viewed see saw elaborate elaborated clarify clarified reiterate
        reiterated consider considered assess assessed evaluate evaluated outline outlined raise
        raised introduce introduced defend defended debate debated hope hoped expect expected plan
        planned regret regretted congratulate congratulated estimate estimated
        """
    ),
    stance_nouns=words(
        """
        view views opinion opinions position stance response answer reply argument arguments
        statement speech remarks comments proposal proposals suggestion suggestions criticism
        explanation attitude assessment concern concerns thoughts words reaction
        """
    ),
    object_nouns=words("criticism assessment explanation"),
    about=words("about on of against regarding concerning to with for"),
    reading_verbs=words("read reads"),
    according=phrases("according to"),
    in_words_of=phrases(
        """
        in the words of | in the view of | in the opinion of | words of | quoting | quotes | quoted
        """
    ),
    adverbs_of_saying=words("also then later once again first already further"),
    auxiliaries=words("do does did has have had would will is are was were can could"),
    passives=words("was were been being is are be"),
    reported_by=words("reported reports"),
    media=phrases(
        """
        reuters | bloomberg | xinhua | interfax | ukrinform | belta | tass | ria | afp | upi | dpa |
        ansa | efe | kyodo | yonhap | bbc | cnn | nbc | cbs | abc | npr | pbs | politico | axios |
        al jazeera | deutsche welle | euronews | meduza | novaya gazeta | der spiegel | le monde |
        le figaro | el país | el pais | izvestia | kommersant | vedomosti | pravda | sputnik |
        newsweek | forbes | wikipedia | twitter | facebook | telegram
        """
    ),
    seats_of_power=phrases(
        """
        moscow | washington | beijing | kyiv | kiev | london | paris | berlin | brussels | tokyo |
        ankara | tehran | jerusalem | delhi | new delhi | warsaw | rome | madrid | minsk | geneva |
        vienna | prague | budapest | helsinki | stockholm | oslo | copenhagen | riga | vilnius |
        tallinn | tbilisi | yerevan | baku | astana | tashkent | seoul | pyongyang | taipei | hanoi
        | canberra | ottawa | cairo | riyadh | doha | damascus | baghdad | kabul | islamabad |
        havana | caracas | pretoria | hague | the hague | strasbourg | luxembourg | dublin | lisbon
        | athens | belgrade | zagreb | sofia | bucharest | chisinau | kremlin | pentagon |
        westminster | whitehall | downing street | white house | capitol hill | quai d'orsay | state
        duma | nato | unesco | unicef | opec | greenpeace | google | microsoft | gazprom | hamas |
        hezbollah | taliban
        """
    ),
    negations=words(
        """
        not no never nor neither none nobody nothing nowhere cannot without n't ain't hardly barely
        scarcely rarely seldom few little refuse refuses refused refusing refusal deny denies denied
        denying denial fail fails failed failing failure lack lacks lacked lacking reject rejects
        rejected rejecting oppose opposes opposed opposing against unable impossible false untrue
        wrong unlikely except excluding doubt doubts doubted doubtful prevent prevents prevented
        avoid avoids avoided stop stops stopped cease ceases ceased prohibit prohibits prohibited
        forbid forbids forbidden ban bans banned disagree disagrees disagreed dispute disputes
        disputed hoax myth lie lies absurd nonsense
        """
    ),
    negative_prefixes=words("un in im il ir dis non mis anti"),
    hedges=words(
        """
        may might maybe perhaps possibly probably likely apparently allegedly reportedly supposedly
        seemingly presumably arguably could would should almost nearly roughly approximately about
        around some somewhat partly partially mostly usually often sometimes generally preliminary
        provisional provisionally estimated believe believes believed think thinks thought suppose
        suspect seem seems seemed appear appears appeared suggest suggests suggested claim claims
        claimed alleged potential potentially hopefully tentatively assume assumes assumed guess
        understand hope hopes expect expects expected sure
        """
    ),
    conditions=words(
        """
        if unless provided providing until till before assuming otherwise whether once only when
        whenever conditional condition conditions subject depending depends should where insofar
        """
    ),
    condition_openings=phrases("unless | only if | provided | except | or so | at least"),
    contrasts=words(
        """
        but however although though yet nevertheless nonetheless despite instead still
        """
    ),
    contrasts_within=words("whereas while rather contrary except"),
    contrast_openings=phrases(
        """
        unfortunately | regrettably | sadly | alas | even so | that said | on the contrary | on the
        other hand | at the same time
        """
    ),
    hearsay=words(
        """
        said says say saying told tells claimed claims claiming alleged alleges allegedly reported
        reportedly reports rumour rumours rumor rumors according supposedly accused accuses pretend
        pretends pretended
        """
    ),
    conjunctions=phrases("and | but | while | whereas | to which"),
    number_words=words(
        """
        zero one two three four five six seven eight nine eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
        hundred hundreds thousand thousands million millions billion billions trillion dozen dozens
        half third quarter first second fourth fifth sixth seventh eighth ninth tenth twice once
        double triple both ten
        """
    ),
    own_voice=words("i i'm i've i'd i'll we we're we've we'd we'll my our me us mine ours myself"),
    addressing=words("you your yours thank thanks yes no hello please"),
    spoken_genres=words("speech statement remarks address transcript"),
    written_genres=words("release story announcement news article letter report interview"),
    author_fields=phrases(
        "from | by | author | speaker | delivered by | given by | speech by | statement by |"
        " remarks by"
    ),
    speech_date_fields=phrases(
        "delivered | delivered on | given on | spoken on | speech date | date of speech |"
        " date of the speech"
    ),
    roster_fields=phrases(
        "present | speakers | speaker | participants | attendees | in attendance | guests | guest |"
        " host | hosts | panel | panellists | panelists | witnesses | members present | members"
    ),
    in_the_chair=phrases("in the chair | presiding | took the chair"),
    chaired_by=phrases("chaired by | presided over by"),
    publication_fields=phrases(
        "published | published on | first published | posted | posted on | release date |"
        " released | released on | publication date | last updated | updated | updated on"
    ),
    stop_words=words(
        """
        a about above after again against all also am an and any are aren't as at be because been
        before being below between both but by can can't cannot could couldn't did didn't do does
        doesn't doing don't done down during each either else ever every few for from further get
        gets got had hadn't has hasn't have haven't having he he'd he'll he's her here hers herself
        him himself his how however i i'd i'll i'm i've if in into is isn't it it's its itself just
        let's may me might more most mustn't my myself neither no nor not of off on once only or
        other ought our ours ourselves out over own please same shall shan't she she'd she'll she's
        should shouldn't since so some such tell than that that's the their theirs them themselves
        then there there's these they they'd they'll they're they've this those though through thus
        to too under until up upon us very was wasn't we we'd we'll we're we've were weren't what
        what's when where where's whether which while who who's whom whose why will with within
        without won't would wouldn't yet you you'd you'll you're you've your yours yourself
        yourselves
        """
    ),
    silent_words=words("a an the of and or"),
    months=calendar(
        """
        january jan | february feb | march mar | april apr | may | june jun | july jul | august
        aug | september sep sept | october oct | november nov | december dec
        """
    ),
    weekdays=words("monday tuesday wednesday thursday friday saturday sunday"),
    short_weekdays=words("mon tue tues wed thu thurs fri sat sun"),
    times=words("yesterday today week month year morning afternoon evening"),
    before_times=words("early late earlier later this last that next"),
    date_prepositions=words("on in at of"),
    date_joiners=words("of"),
    day_endings=words("st nd rd th"),
    before_dates=words(
        """
        of on from by since until till in to the and or for at before after between dated
        """
    ),
    offices=words(
        """
        president vice-president chairman chairwoman chairperson chair co-chair cochair speaker
        premier prime minister secretary secretary-general director director-general deputy head
        chief commissioner ambassador representative governor governor-general mayor senator
        congressman congresswoman congressperson judge justice chancellor king queen prince princess
        emperor sultan emir pope cardinal archbishop bishop patriarch rabbi mufti professor dean
        rector provost principal researcher fellow scientist analyst economist engineer adviser
        advisor aide assistant attorney prosecutor solicitor barrister counsel lawyer ombudsman
        ombudswoman commander commander-in-chief admiral general colonel major captain lieutenant
        sergeant marshal brigadier commodore inspector superintendent officer ceo cfo cto coo
        founder co-founder owner manager executive editor editor-in-chief correspondent reporter
        journalist spokesman spokeswoman spokesperson moderator host presenter envoy plenipotentiary
        rapporteur coordinator co-ordinator member employee delegate councillor councilman
        councilwoman councilmember alderman sheriff treasurer auditor controller comptroller
        registrar clerk leader taoiseach tánaiste consul attaché attache negotiator expert
        consultant specialist lecturer teacher surgeon physician nurse librarian historian author
        writer architect coach undersecretary under-secretary under-secretary-general observer
        trustee magistrate constable chaplain curator conductor composer producer epidemiologist
        biologist physicist chemist psychologist sociologist programmer developer designer
        technician farmer resident student activist campaigner volunteer organiser organizer
        interpreter arbitrator mediator facilitator panelist panellist investigator
        """
    ),
    deputies=words("deputy vice assistant acting"),
    office_endings=words("ologist ographer ician master"),
    institutions=words(
        """
        republic federation states kingdom union council assembly parliament duma senate house
        commons lords committee subcommittee commission ministry department agency office bureau
        service services organisation organization treaty bank fund university institute academy
        college school court tribunal affairs defence defense interior finance finances health
        education economy economics trade industry energy transport transportation environment
        agriculture culture labour labor security emergencies foreign internal national
        international federal supreme constitutional central regional district city county province
        oblast krai staff forces army navy police party group company corporation inc ltd llc plc
        association society foundation center centre board cabinet government nations world state
        relations policy research science sciences technology innovation development cooperation
        planning operations communications communication information media press public legal
        economic political military social scientific technical financial administrative civil
        special senior junior first second acting interim former outgoing honorary permanent
        executive legislative judicial joint collective strategic nuclear monetary mission
        delegation secretariat directorate administration authority authorities division section
        unit branch laboratory hospital clinic museum library theatre church diocese nation
        opposition majority minority chamber mazhilis treasury exchequer budget revenue customs
        tourism fisheries forestry forests resources housing infrastructure welfare pensions seniors
        youth women families sport sports works procurement reform reconciliation immigration
        citizenship refugees migration justice supervision monitoring control statistics league
        alliance confederation congress convention conference forum summit network initiative
        programme program project partnership holdings partners associates times post agence news
        radio television tv north-west euro-atlantic eurasian european american african asian
        russian british french german chinese japanese indian canadian australian ukrainian
        belarusian polish turkish iranian israeli
        """
    ),
    noun_endings=words(
        """
        tion tions sion sions ship ness ology ogies ities ity ments ment ics isation ances ences
        """
    ),
    names_like_nouns=words(
        """
        clement climent trinity charity felicity chastity verity holness harkness guinness winship
        blankenship ness
        """
    ),
    honorifics=words(
        """
        mr mrs ms miss mx cllr ald dr prof professor sir dame lord lady baroness baron viscount hon
        honourable honorable right rt madam rev reverend father sister brother sheikh shaikh his her
        excellency h.e he. messrs sen. rep. gov.
        """
    ),
    masculine_honorifics=words("mr sir lord baron viscount"),
    feminine_honorifics=words("mrs ms miss dame lady baroness madam"),
    addressed_offices=words(
        """
        speaker president chair chairman chairwoman chairperson moderator secretary
        """
    ),
    post_nominal_offices=words("MP AM MS MSP MEP MLA MPP TD MHA MNA MLC MK"),
    degrees=words(
        """
        PhD Ph.D. Ph.D MD M.D. QC KC SC Esq Esq. CBE OBE MBE KBE CB CMG DBE FRS Jr Jr. Sr. MBA LLM
        JD
        """
    ),
    conversation_roles=words(
        """
        chair chairman chairwoman chairperson speaker president moderator host interviewer
        interviewee operator narrator court witness clerk bailiff judge foreperson foreman juror
        jury defendant plaintiff counsel prosecutor interpreter translator facilitator presenter
        announcer panelist panellist participant respondent reporter journalist correspondent anchor
        commentator secretary rapporteur convener convenor member members vice-president vice-chair
        co-chair deputy acting secretary-general audience student teacher caller guest officer
        dispatcher chancellor mayor
        """
    ),
    role_modifiers=words(
        """
        the an a acting deputy vice pro tempore presiding temporary unidentified unknown male female
        hon honourable honorable some several first second third committee from audience officer
        conference voice voices legislative
        """
    ),
    question_labels=words("q question reporter journalist interviewer correspondent"),
    answer_labels=words("a answer"),
    heading_words=words(
        """
        note notes nb topic topics time date venue place location participants attendees present
        apologies absent contact contacts source sources photo photos image summary background
        agenda introduction conclusion conclusions abstract keywords keyword findings finding
        recommendations recommendation results result methods method discussion overview outline
        contents table figure chart box appendix annex references bibliography example examples
        importantly however therefore moreover furthermore additionally also first firstly second
        secondly third thirdly finally lastly clearly notably remember warning caution important tip
        tips hint update updates updated correction editor's ps re subject title headline author
        authors editor editors publisher published language languages price cost costs total
        subtotal phone telephone tel fax email e-mail mail address website web site url link links
        http https www download version status type category categories tags tag name names position
        job role department responsibilities duties requirements requirement skills experience
        education hobbies problem problems solution solutions pros cons advantages disadvantages
        strengths weaknesses opportunities threats goal goals objective objectives aim aims purpose
        task tasks step steps phase stage key main next previous following see read more about
        further press media release statement statements speech speeches remarks opening closing
        keynote welcome executive final draft report reports article articles chapter section part
        paragraph item items point points day days week month year years monday tuesday wednesday
        thursday friday saturday sunday january february march april june july august september
        october november december today yesterday tomorrow morning afternoon evening hours deadline
        duration schedule programme program event events session meeting meetings conference
        workshop seminar panel lecture course exam test tests question questions answer answers
        issue issues decision decisions resolution resolutions action actions motion vote votes
        amendment amendments minutes order orders resolved whereas fact facts figures data evidence
        claim claims argument reason reasons cause causes effect effects benefit benefits risk risks
        challenge challenges lesson lessons quote quotes quotation caption credit credits copyright
        disclaimer privacy terms conditions rules rule exception exceptions input output default
        usage error errors success failure yes no true false option options ingredients directions
        preparation serves translation translated transcript recording video audio live watch listen
        share follow related edition volume number no. page pages isbn doi issn license licence
        attachments attachment enclosure enclosures cc bcc from to dear hello hi thanks sincerely
        regards signed signature sponsor sponsors sponsored partner partners organizers organisers
        organizer speakers guests host hosts moderators jury winners winner score half quarter
        registration admission entry entrance tickets free here there this that these those it he
        she they we you i what why how when where who which whose if but and or so then now because
        although while since until our your their his her its my one two three four five six seven
        eight nine history future past blue-sky vision mission values strategy strategic plan plans
        planning budget scope context approach analysis assessment evaluation review monitoring
        implementation definition definitions term bottom line good bad best worst news breaking
        exclusive trending opinion comment comments feedback views view thoughts idea ideas ground
        grounds verdict sentence ruling judgment judgement case object objectivity held ten
        """
    ),
    also_surnames=words(
        """
        king major judge bishop dean marshall pope prince justice chancellor may west north east
        young white brown green black sheriff coach cook baker price day page field church house
        school bond constable chaplain marshal captain bank english french german ireland england
        holland sergeant deacon abbot cardinal potter fisher miller stone ford best case post he so
        you long weeks good true grant mission winner score speech
        """
    ),
    also_given_names=words(
        """
        dean major king prince earl duke justice bishop judge page may june april august he so you
        long
        """
    ),
    name_particles=words("st. st mac mc o"),
    not_names=words(
        """
        he she they it we i you who which that this these those the a an his her their its our my
        one someone somebody everyone nobody what when where why how and but or so if as in on at by
        for from yet then there here yesterday today tomorrow monday tuesday wednesday thursday
        friday saturday sunday january february march april may june july august september october
        november december earlier later meanwhile however also according another others sources
        experts critics
        """
    ),
    articles=words("the"),
    office_prepositions=words("of for in at to on with from by"),
    joining_words=words("of the for in at to and"),
    title_particles=words("of the for and"),
    label_particles=words("of the for and van"),
    sentence_openers=words(
        """
        as when if what my our your his her dear according thanks like after before because while
        with from by i we he she they you it let next now then both
        """
    ),
    clause_verbs=words(
        """
        is was are were be been has have had will would shall can could must told tells said says
        asked asks met meets gave gives give thank thanks thanked goes went let invited invite spoke
        addressed sent wrote called calls hear heard saw
        """
    ),
    places=phrases(
        """
        Afghanistan | Albania | Algeria | Andorra | Angola | Argentina | Armenia | Australia |
        Austria | Azerbaijan | Bahrain | Bangladesh | Barbados | Belarus | Belgium | Belize | Benin
        | Bhutan | Bolivia | Bosnia and Herzegovina | Botswana | Brazil | Brunei | Bulgaria |
        Burkina Faso | Burundi | Cambodia | Cameroon | Canada | Cape Verde | Chad | Chile | China |
        Colombia | Congo | Costa Rica | Croatia | Cuba | Cyprus | Czechia | Denmark | Djibouti |
        East Timor | Ecuador | Egypt | El Salvador | England | Equatorial Guinea | Eritrea | Estonia
        | Eswatini | Ethiopia | Fiji | Finland | France | Gabon | Gambia | Georgia | Germany | Ghana
        | Great Britain | Greece | Grenada | Guatemala | Guinea | Guinea-Bissau | Guyana | Haiti |
        Honduras | Hong Kong | Hungary | Iceland | India | Indonesia | Iran | Iraq | Ireland |
        Israel | Italy | Ivory Coast | Jamaica | Japan | Jordan | Kazakhstan | Kenya | Kosovo |
        Kuwait | Kyrgyzstan | Laos | Latvia | Lebanon | Lesotho | Liberia | Libya | Liechtenstein |
        Lithuania | Luxembourg | Madagascar | Malawi | Malaysia | Maldives | Mali | Malta |
        Mauritania | Mauritius | Mexico | Moldova | Monaco | Mongolia | Montenegro | Morocco |
        Mozambique | Myanmar | Namibia | Nepal | Netherlands | New Zealand | Nicaragua | Niger |
        Nigeria | North Korea | North Macedonia | Northern Ireland | Norway | Oman | Pakistan |
        Palestine | Panama | Papua New Guinea | Paraguay | Peru | Philippines | Poland | Portugal |
        Qatar | Romania | Russia | Rwanda | San Marino | Saudi Arabia | Scotland | Senegal | Serbia
        | Seychelles | Sierra Leone | Singapore | Slovakia | Slovenia | Somalia | South Africa |
        South Korea | South Sudan | Spain | Sri Lanka | Sudan | Suriname | Sweden | Switzerland |
        Syria | Taiwan | Tajikistan | Tanzania | Thailand | Togo | Tonga | Trinidad and Tobago |
        Tunisia | Turkey | Türkiye | Turkmenistan | Tuvalu | Uganda | Ukraine | United Arab Emirates
        | Uruguay | Uzbekistan | Vanuatu | Venezuela | Vietnam | Viet Nam | Wales | Yemen | Zambia |
        Zimbabwe | Europe | Africa | Asia | Latin America | New York | New York City | Los Angeles |
        San Francisco | New Jersey | New Mexico | New Hampshire | North Carolina | South Carolina |
        North Dakota | South Dakota | West Virginia | Rhode Island | New South Wales | Western
        Australia | South Australia | British Columbia | Nova Scotia | New Brunswick | Buenos Aires
        | Rio de Janeiro | São Paulo | New Delhi | San Diego | Las Vegas | St Petersburg | St.
        Petersburg | Saint Petersburg
        """
    ),
    place_openers=words(
        """
        new saint st st. south north east west rio hong cape port sri great united upper lower
        central western eastern northern southern greater inner outer fort mount palm salt baton tel
        addis kuala phnom buenos ho la le san los las el santa abu
        """
    ),
    place_particles=words("the of an sur upon on and"),
    abbreviations_before_names=words(
        """
        mr mrs ms messrs dr prof rev hon sen gov rep gen lt col capt cmdr cdr adm brig sgt cpl pvt
        supt insp amb frl vs cf viz e.g i.e maj
        """
    ),
    abbreviations_before_numbers=words(
        """
        no nos art arts fig figs p pp vol vols sec secs para paras ch chap cl eq
        """
    ),
    divisions=words(
        """
        chapter part section book appendix annex preface foreword introduction prologue epilogue
        afterword conclusion contents notes bibliography index
        """
    ),
    site_sections=phrases(
        """
        events | news | transcripts | speeches | press releases | press release | press centre |
        press center | media | press room | newsroom | announcements | statements | publications |
        articles | interviews | latest news | home | main page | all news | documents | press
        service | media center | media centre | news and events | blog
        """
    ),
    link_list_heads=phrases(
        """
        see also | topics | topic | persons | people | geography | publication status | related |
        related links | related news | related articles | related topics | related documents |
        related content | related stories | tags | tag | keywords | read also | read more | read
        next | more on this topic | more on this | more news | you may also like | recommended |
        further reading links | categories | category | sections | attachments | download |
        downloads | links | useful links | quick links | subscribe | follow us | contacts for the
        media
        """
    ),
    buttons=phrases(
        """
        share | share: | share this | share this page | share this article | print | print version
        | text version | print this page | full text | go back | back | back to top | top | back
        to list | back to the list | back to the section | back to the all news | back to all news
        | back to news | next | previous | previous page | next page | menu | search | close |
        open | show more | load more | 1 more | more | more… | more... | skip to content | skip to
        main content | skip to navigation | copy link | copy | email | e-mail | facebook | twitter
        | x | telegram | whatsapp | vk | linkedin | youtube | instagram | rss | listen | play |
        pause | watch | watch the video | video | photo | photos | audio | advertisement | sign in
        | log in | login | sign up | accept cookies | cookie policy | privacy policy | terms of
        use | terms of service | check against delivery | as delivered | as prepared for delivery
        | as prepared | unofficial translation | all rights reserved | embed | save
        """
    ),
)
