using System.Text.Json;
using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Plan;
using DsrService.Notices.Templates;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Response.Package;

/// <summary>Puts together what a package says and holds, from the request, its data map, its plan and what its systems answered.</summary>
internal sealed class GatherFacts(DataSubjectRequest request, ControllerDataMap map, LetterWords words, IReadOnlyList<RequestTask> tasks, IReadOnlyList<StoredFile> files)
{
    private readonly string language = words.Language;
    private readonly EntryNames names = new();
    private readonly Dictionary<Guid, string> systemOf = tasks.ToDictionary(task => task.Id, task => task.System);

    public PackageFacts Gather(IReadOnlyCollection<string> identifierKinds, DateOnly today, string publicAddress)
    {
        var held = Held();
        var activities = map.Activities.Where(activity => activity.Categories.Any(category => held.Contains((activity.System, category)))).ToList();
        return new PackageFacts
        {
            Words = words,
            Reference = request.Reference,
            Right = request.Right,
            ReceivedOn = request.ReceivedOn,
            MadeOn = today,
            Controller = map.Controller,
            Portal = new Uri($"{publicAddress.TrimEnd('/')}/{map.Controller.Key}"),
            LookedForBy = [.. map.IdentifierKinds.Where(kind => identifierKinds.Contains(kind.Key)).Select(kind => kind.Label.In(language))],
            Sets = [.. Sets()],
            Files = [.. Files()],
            Purposes = [.. activities.Select(activity => Purpose(activity, held))],
            Recipients = [.. Recipients(activities)],
            AutomatedDecisions = [.. activities.Select(activity => activity.AutomatedDecision?.In(language)).OfType<string>().Distinct()],
            Withheld = [.. Denied(), .. Retained(), .. SetAside()],
            NothingFoundAt = [.. tasks.Where(task => task.Outcome is ReceiptOutcome.NothingFound or ReceiptOutcome.NotHeld && task.LastError is null).Select(task => System(task.System)).Distinct()],
            NotLookedAt = [.. tasks.Where(task => task.LastError == TaskErrors.NoIdentifier).Select(NotLookedAt)],
        };
    }

    // Where something of this person is: handed over, or kept back for a reason.
    private HashSet<(string System, string Category)> Held() =>
    [
        .. files.Select(file => (systemOf[file.TaskId!.Value], file.Category!)),
        .. Items().Where(row => row.Item.Found + row.Item.Retained > 0).Select(row => (row.Task.System, row.Item.Category)),
    ];

    private IEnumerable<DataSet> Sets() =>
        from file in files
        where RecordCounter.IsNdjson(file.ContentType)
        group file by (Category: file.Category!, System: systemOf[file.TaskId!.Value]) into parts
        orderby Place(parts.Key.Category), parts.Key.System
        let category = map.Category(parts.Key.Category)
        let folder = $"data/{EntryNames.Segment(category.Key)}"
        select new DataSet
        {
            Category = category.Key,
            Label = category.Label.In(language),
            Description = category.Description?.In(language),
            System = parts.Key.System,
            SystemLabel = System(parts.Key.System),
            Remark = Rows.FirstOrDefault(row => row.Decision == Decision.Partial && row.System == parts.Key.System && row.Category == category.Key) is { } partly
                ? words.Reason(partly.Reason) : null,
            Parts = [.. parts.OrderBy(part => part.Part, StringComparer.Ordinal)],
            JsonName = names.Named(folder, parts.Key.System, "json"),
            CsvName = request.Right == Right.Portability ? names.Named(folder, parts.Key.System, "csv") : null,
        };

    private IEnumerable<PackagedFile> Files() =>
        from file in files
        where !RecordCounter.IsNdjson(file.ContentType)
        let system = systemOf[file.TaskId!.Value]
        orderby Place(file.Category!), system, file.Part
        select new PackagedFile(map.Category(file.Category!).Label.In(language), System(system), file,
            names.File($"files/{EntryNames.Segment(file.Category!)}/{EntryNames.Segment(system)}", file.Part, file.ContentType));

    private PurposeFacts Purpose(ProcessingActivity activity, HashSet<(string System, string Category)> held) => new(
        activity.Purpose.In(language),
        words.LegalBasis(activity),
        [.. activity.Categories.Where(category => held.Contains((activity.System, category))).Select(Category)],
        words.Storage(activity.Retention),
        words.Source(activity),
        [.. RecipientKeys(activity).Select(key => map.Recipient(key).Name)]);

    private IEnumerable<RecipientFacts> Recipients(List<ProcessingActivity> activities) =>
        activities.SelectMany(RecipientKeys).Distinct().Select(map.Recipient).Select(recipient => new RecipientFacts(
            recipient.Name, words.Role(recipient.Role), words.Country(recipient.Country), recipient.InThirdCountry, recipient.Safeguard?.In(language)));

    private IEnumerable<string> RecipientKeys(ProcessingActivity activity) =>
        activity.Recipients.Concat(map.System(activity.System).Recipient is { } recipient ? [recipient] : []).Distinct();

    private IReadOnlyList<PlanRow> Rows { get; } = request.Plan is null ? [] : JsonSerializer.Deserialize<RequestPlan>(request.Plan, DsrJson.Options)!.Rows;

    private IEnumerable<WithheldFacts> Denied() => Rows.Where(row => row.Decision == Decision.Deny)
        .Select(row => new WithheldFacts(Category(row.Category), System(row.System), words.Reason(row.Reason), null, 0));

    private IEnumerable<WithheldFacts> Retained() => Items().Where(row => row.Item.Retained > 0).Select(row =>
        new WithheldFacts(Category(row.Item.Category), System(row.Task.System), words.Reason(row.Item.Reason!), row.Item.LegalBasis, row.Item.Retained));

    private IEnumerable<WithheldFacts> SetAside() =>
        from task in tasks
        where task.State == TaskState.SetAside || task.Outcome == ReceiptOutcome.Refused
        from item in task.ScopeItems
        where item.Decision == ScopeDecision.Act
        select new WithheldFacts(Category(item.Category), System(task.System), words.Of("package.setAside"), null, 0);

    private IEnumerable<(RequestTask Task, ReceiptItem Item)> Items() =>
        from task in tasks
        where task.Items is not null && task.State != TaskState.SetAside
        from item in task.ReceiptItems
        select (task, item);

    // Art. 11(2): what the person would have to give to be found there.
    private string NotLookedAt(RequestTask task) =>
        $"{System(task.System)} ({string.Join(", ", map.System(task.System).Needs.Select(kind => map.FindIdentifierKind(kind)?.Label.In(language) ?? kind))})";

    private int Place(string category) => map.Categories.ToList().FindIndex(known => known.Key == category);

    private string Category(string key) => map.Category(key).Label.In(language);

    private string System(string key) => map.System(key).Label.In(language);
}
