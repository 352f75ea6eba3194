using DsrService.Fulfilment;
using DsrService.Requests;
using DsrService.Sdk.Contracts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DsrService.DataMap;

/// <summary>Reads a data map from YAML and lets nothing inconsistent through: every error names file, line and reason.</summary>
internal sealed class DataMapReader
{
    private readonly DataMapErrors errors;
    private readonly DataMapLines lines = new();

    private DataMapReader(DataMapErrors errors) => this.errors = errors;

    public static DataMapReading Read(string text, string fileName)
    {
        var errors = new DataMapErrors(fileName);
        var map = Load(text, errors) is { } root ? new DataMapReader(errors).ReadMap(root) : null;
        return new(errors.Any ? null : map, errors.InOrder());
    }

    public static YamlNode? Load(string text, DataMapErrors errors)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 1)
                return stream.Documents[0].RootNode;
            errors.Add(1, "The file must hold one YAML document.");
        }
        catch (YamlException e)
        {
            errors.Add(e.Start, $"This is not YAML: {e.Message}");
        }
        return null;
    }

    private ControllerDataMap ReadMap(YamlNode root)
    {
        var fields = new YamlFields(root, "data map", errors);
        var controller = ReadController(fields.Fields("controller", "controller"));
        var kinds = Read(fields, "identifiers", "identifier kind", true, ReadIdentifierKind, kind => kind.Key);
        var categories = Read(fields, "categories", "data category", true, ReadCategory, category => category.Key);
        var recipients = Read(fields, "recipients", "recipient", false, ReadRecipient, recipient => recipient.Key);
        var systems = Read(fields, "systems", "system", true, ReadSystem, system => system.Key);
        var activities = Read(fields, "activities", "activity", true, ReadActivity, activity => activity.Key);
        var callers = Read(fields, "callers", "caller", false, caller => OpenDsrCaller.Read(caller, lines.Keys("identifier kind")), caller => caller.Key);
        fields.RefuseUnknown();
        var map = new ControllerDataMap
        {
            Controller = controller,
            IdentifierKinds = kinds,
            Categories = categories,
            Recipients = recipients,
            Systems = systems,
            Activities = activities,
            Callers = callers,
        };
        if (!errors.Any)
            new DataMapChecks(map, lines, errors).Run();
        return map;
    }

    private List<T> Read<T>(YamlFields root, string field, string what, bool required, Func<YamlFields, T> read, Func<T, string> key)
    {
        var items = new List<T>();
        foreach (var fields in root.List(field, what, required))
        {
            if (fields.Has("key") && fields.OptionalText("key") is { } name)
                fields.Place = $"{what} '{name}'";
            var item = read(fields);
            fields.RefuseUnknown();
            if (key(item) is { Length: > 0 } itemKey && !lines.TryAdd(what, itemKey, fields.Line, out var first))
                fields.Error($"the key is used twice; first on line {first}.");
            items.Add(item);
        }
        return items;
    }

    private static ControllerFacts ReadController(YamlFields fields)
    {
        var facts = new ControllerFacts
        {
            Key = fields.Key("key"),
            Name = fields.Text("name"),
            Address = fields.Text("address"),
            Contact = fields.Text("contact"),
            DataProtectionOfficer = fields.OptionalText("dataProtectionOfficer"),
            Country = fields.Text("country"),
            TimeZone = fields.Text("timeZone"),
            Calendar = fields.Text("calendar"),
            Profile = fields.Choice("profile", LawProfile.Eu),
            Languages = fields.Texts("languages"),
            Rights = fields.Choices<Right>("rights"),
            Authority = ReadAuthority(fields.Fields("authority", "supervisory authority")),
            FinancialYearEnd = ReadMonthDay(fields),
            About = fields.OptionalLocal("about"),
        };
        fields.RefuseUnknown();
        ControllerChecks.Check(facts, fields);
        return facts;
    }

    private static SupervisoryAuthority ReadAuthority(YamlFields fields)
    {
        var authority = new SupervisoryAuthority(fields.Text("name"), fields.Text("address"), fields.Text("web"));
        fields.RefuseUnknown();
        return authority;
    }

    private static MonthDay ReadMonthDay(YamlFields fields)
    {
        const string field = "financialYearEnd";
        if (fields.OptionalText(field) is not { } text)
            return new(12, 31);
        if (DateOnly.TryParseExact($"2024-{text}", "yyyy-MM-dd", out var day))
            return new(day.Month, day.Day);
        fields.Error(field, $"'{field}' must be a month and a day such as 04-30.");
        return default;
    }

    private static IdentifierKind ReadIdentifierKind(YamlFields fields)
    {
        var kind = new IdentifierKind
        {
            Key = fields.Key("key"),
            Label = fields.Local("label"),
            Pattern = fields.OptionalText("pattern"),
            Format = fields.Choice("format", IdentifierFormat.Text),
            AskedInForm = fields.Flag("form", false),
            Example = fields.OptionalText("example"),
        };
        if (!kind.HasValidPattern())
            fields.Error("pattern", "'pattern' is not a regular expression that can be run safely.");
        return kind;
    }

    private static DataCategory ReadCategory(YamlFields fields) => new()
    {
        Key = fields.Key("key"),
        Label = fields.Local("label"),
        Description = fields.OptionalLocal("description"),
        SpecialCategory = fields.Flag("special", false),
    };

    private static Recipient ReadRecipient(YamlFields fields)
    {
        var recipient = new Recipient
        {
            Key = fields.Key("key"),
            Name = fields.Text("name"),
            Role = fields.Choice<RecipientRole>("role"),
            Country = fields.Text("country"),
            Safeguard = fields.OptionalLocal("safeguard"),
            Contact = fields.OptionalText("contact"),
        };
        if (recipient.Country.Length > 0 && !Countries.IsCode(recipient.Country))
            fields.Error("country", "'country' must be two capital letters (ISO 3166).");
        else if (recipient.Country.Length > 0 && recipient.InThirdCountry && recipient.Safeguard is null)
            fields.Error("'safeguard' is missing: the country is outside the EEA (Art. 15(2), 46).");
        return recipient;
    }

    private MappedSystem ReadSystem(YamlFields fields)
    {
        var kinds = lines.Keys("identifier kind");
        var system = new MappedSystem
        {
            Key = fields.Key("key"),
            Label = fields.Local("label"),
            Binding = fields.Choice<Binding>("binding"),
            Needs = fields.References("needs", kinds, "identifier kind"),
            Gives = fields.References("gives", kinds, "identifier kind"),
            Actions = fields.Choices<TaskAction>("actions"),
            CanPreview = fields.Flag("preview", false),
            CanBeAskedAgain = fields.Flag("askedAgain", false),
            HandsOverParts = fields.Flag("parts", false),
            BackupPeriod = fields.OptionalPeriod("backups"),
            Recipient = fields.Has("recipient") ? fields.Reference("recipient", lines.Keys("recipient"), "recipient") : null,
            VendorContact = fields.OptionalText("vendorContact"),
            OpenDsr = fields.Has("opendsr") ? OpenDsrPeering.Read(fields.Fields("opendsr", $"{fields.Place}, opendsr"), kinds) : null,
            Fields = [.. fields.List("fields", "field", false).Select(ReadField)],
        };
        SystemChecks.Check(system, fields);
        return system;
    }

    private CorrectableField ReadField(YamlFields fields)
    {
        var field = new CorrectableField(
            fields.Key("field"),
            fields.Reference("category", lines.Keys("data category"), "data category"),
            fields.Choice("proof", RectificationProof.Review),
            fields.Local("label"));
        fields.RefuseUnknown();
        return field;
    }

    private ProcessingActivity ReadActivity(YamlFields fields)
    {
        var activity = new ProcessingActivity
        {
            Key = fields.Key("key"),
            Purpose = fields.Local("purpose"),
            PurposeKind = fields.Choice("kind", PurposeKind.Normal),
            LegalBasis = fields.Choice<LegalBasis>("legalBasis"),
            SpecialCondition = fields.OptionalChoice<SpecialCondition>("specialCondition"),
            Obligation = fields.OptionalText("obligation"),
            Reading = fields.Choice<Reading>("reading"),
            ReadingNote = fields.OptionalText("readingNote"),
            System = fields.Reference("system", lines.Keys("system"), "system"),
            Categories = fields.References("categories", lines.Keys("data category"), "data category"),
            Recipients = fields.References("recipients", lines.Keys("recipient"), "recipient"),
            Retention = ReadRetention(fields.Fields("retention", $"{fields.Place}, retention")),
            Source = fields.Choice<DataSource>("source"),
            SourceName = fields.OptionalLocal("sourceName"),
            Automated = fields.Flag("automated", true),
            AutomatedDecision = fields.OptionalLocal("automatedDecision"),
            EndsOnErasure = fields.RequiredFlag("endsOnErasure"),
            NecessaryReason = fields.OptionalLocal("necessaryReason"),
            CutDownTo = fields.OptionalLocal("cutDownTo"),
            ErasureMethod = fields.Choice("erasureMethod", ErasureMethod.Erase),
            OthersData = fields.Choice("othersData", OthersData.None),
            OnObjection = fields.Choice("onObjection", OnObjection.Weigh),
            Identifiable = fields.Flag("identifiable", true),
            FromChildren = fields.Flag("fromChildren", false),
            MadePublic = fields.Flag("madePublic", false),
            RestrictedBy = fields.OptionalText("restrictedBy"),
            Location = fields.Choice("location", DataLocation.Live),
        };
        ActivityChecks.Check(activity, fields);
        return activity;
    }

    private static RetentionRule ReadRetention(YamlFields fields)
    {
        var rule = new RetentionRule
        {
            Period = fields.Period("period"),
            Start = fields.Choice<RetentionStart>("from"),
            Event = fields.OptionalLocal("event"),
            Law = fields.OptionalText("law"),
        };
        if ((rule.Start == RetentionStart.Event) != rule.Event is not null)
            fields.Error("'event' goes with 'from: event', and says in plain words from when the period counts.");
        fields.RefuseUnknown();
        return rule;
    }
}

/// <summary>Where each thing of the map was declared.</summary>
internal sealed class DataMapLines
{
    private readonly Dictionary<(string What, string Key), int> lines = [];

    public bool TryAdd(string what, string key, int line, out int first) =>
        lines.TryAdd((what, key), line) ? (first = line) >= 0 : (first = lines[(what, key)]) < 0;

    public int Of(string what, string key) => lines[(what, key)];

    public HashSet<string> Keys(string what) => [.. lines.Keys.Where(item => item.What == what).Select(item => item.Key)];
}
