using System.Globalization;
using DsrService.Applicability.Rules;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Fulfilment;
using DsrService.Fulfilment.Desk;
using DsrService.Notices.Letters;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using DsrService.Web.Parts;

namespace DsrService.Requests.Desk;

/// <summary>The request page: the request, and what a form that was sent back held.</summary>
internal sealed record RequestPageModel(RequestDetail Detail, ControllerDataMap Map, StaffCaller Caller, IReadOnlyList<StaffName> Agents, SentForm? Sent, string? Done)
{
    /// <summary>The answer as it would go out, where it waits for review.</summary>
    public Letter? AnswerPreview { get; init; }

    /// <summary>Systems that keep the answer from going out.</summary>
    public IReadOnlyList<string> OpenAt { get; init; } = [];

    public bool May(RequestMove move) => Detail.AllowedMoves.Contains(move);

    public bool IsOpen => Detail.Status.IsOpen();

    public string Action(string move) => $"/desk/requests/{Detail.Reference}/{move}";

    public bool WasSent(string move) => Sent?.Move == move;

    public FieldErrors ErrorsOf(string move) => Sent is { Failure: { } failure } && WasSent(move)
        ? new FieldErrors((failure.Errors ?? new Dictionary<string, string[]>()).ToDictionary(error => $"{move}.{error.Key}", error => error.Value))
        : FieldErrors.None;

    /// <summary>What went wrong as a whole, where no field is to blame.</summary>
    public string? ProblemOf(string move) => WasSent(move) && Sent!.Failure is { Errors: null } failure ? failure.Message : null;

    public Letter? PreviewOf(string move) => WasSent(move) ? Sent!.Preview : null;

    public string? Value(string name) => Sent?.Values.GetValueOrDefault(name);

    public string SystemLabel(string key) => Map.Systems.FirstOrDefault(system => system.Key == key)?.Label.English ?? key;

    public string CategoryLabel(string key) => Map.Categories.FirstOrDefault(category => category.Key == key)?.Label.English ?? key;

    public string KindLabel(string key) => Map.FindIdentifierKind(key)?.Label.English ?? key;

    /// <summary>An instant on the clock of the controller.</summary>
    public string At(DateTimeOffset instant) => DeskWords.At(RequestDeadline.Local(instant, Map.Controller));

    public string Source(string source) => source switch
    {
        RequestIdentifier.Requester => "the requester",
        RequestIdentifier.Rectification => "this rectification",
        _ => SystemLabel(source),
    };

    /// <summary>What a preview says of a category, or what became of it.</summary>
    public string? CountsOf(string system, string category, bool preview)
    {
        var own = Detail.Tasks.Where(task => task.System == system && task.Action == Asked && task is { Verifies: null, ReplacedBy: null, Redoes: null }).ToList();
        if (own.LastOrDefault(task => task.Preview == preview && !task.EndsKept) is not { } task)
            return null;
        if (task.Outcome is null)
            return !preview ? null : task.State == TaskState.Failed ? "no preview to be had" : "still looking";
        var counts = task.Items.FirstOrDefault(item => item.Category == category) is { } item ? DeskWords.Counts(item, preview) : "nothing";
        var since = own.Where(later => later.EndsKept && !preview).SelectMany(later => later.Items).Where(later => later.Category == category).Sum(later => later.Erased + later.Anonymised);
        return since == 0 ? counts : string.Create(CultureInfo.InvariantCulture, $"{counts}; {since} of it erased since");
    }

    // What the right asks of a system; before and after it others ask for more.
    private TaskAction Asked => Detail.Right switch
    {
        Right.Access => TaskAction.Access,
        Right.Portability => TaskAction.Export,
        Right.Rectification => TaskAction.Rectify,
        Right.Erasure => TaskAction.Erase,
        Right.Restriction => TaskAction.Restrict,
        _ => TaskAction.StopProcessing,
    };

    public string DecisionText(Decision decision) => decision switch
    {
        Decision.Grant => Granted,
        Decision.Partial => $"{Granted} in part",
        Decision.Human => "To be decided",
        _ => Detail.Right is Right.Access or Right.Portability ? "Withheld" : Detail.Right == Right.Erasure ? "Kept" : "Left as it is",
    };

    public static string DecisionTone(Decision decision) => decision switch
    {
        Decision.Grant => "good",
        Decision.Partial => "info",
        Decision.Human => "warn",
        _ => "",
    };

    private string Granted => Detail.Right switch
    {
        Right.Access => "Handed over",
        Right.Portability => "Exported",
        Right.Rectification => "Corrected",
        Right.Erasure => "Goes",
        Right.Restriction => "Restricted",
        _ => "Stopped",
    };

    /// <summary>How many kinds of data share each decision.</summary>
    public string Summary
    {
        get
        {
            var parts = Detail.Plan.GroupBy(row => row.Decision).OrderBy(rows => rows.Key)
                .Select(rows => $"{DecisionText(rows.Key).ToLowerInvariant()}: {rows.Count()}").ToList();
            return parts.Count == 0 ? "" : $"What becomes of {Detail.Plan.Count} kinds of data: {string.Join(", ", parts)}.";
        }
    }

    /// <summary>Tasks that do what was asked; those that only look are apart.</summary>
    public IEnumerable<TaskView> ActingTasks => BySystem.Where(task => !IsLooking(task));

    public IEnumerable<TaskView> LookingTasks => BySystem.Where(IsLooking);

    // In the order of the data map, as the plan above them is.
    private IEnumerable<TaskView> BySystem => Detail.Tasks.OrderBy(task => Map.Systems.TakeWhile(system => system.Key != task.System).Count());

    private static bool IsLooking(TaskView task) => task.Preview || task.Action == TaskAction.Locate;
}

/// <summary>A form that was sent and shown again: with what is wrong with it, or with the letter it would send.</summary>
internal sealed record SentForm(string Move, IReadOnlyDictionary<string, string> Values, Failure? Failure = null, Letter? Preview = null);
