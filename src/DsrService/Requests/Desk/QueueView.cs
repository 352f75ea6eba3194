using DsrService.Sdk.Contracts;
using DsrService.Web.Parts;

namespace DsrService.Requests.Desk;

/// <summary>The queue as its page shows it.</summary>
internal sealed record QueueView(RequestFilter Filter, RequestList List, IReadOnlyList<ControllerName> Controllers, IReadOnlyList<StaffChoice> Agents)
{
    public const string DefaultStatus = "open";

    public bool SeveralControllers => Controllers.Count > 1;

    public string Status => Filter.Statuses.Count == 0 ? "" : Filter.Statuses.Count == 1 ? DsrJson.Kebab(Filter.Statuses[0]) : DefaultStatus;

    public string ControllerName(string key) => Controllers.FirstOrDefault(controller => controller.Key == key)?.Name ?? key;

    public static IReadOnlyList<Option> Statuses { get; } =
        [new("", "Any"), new(DefaultStatus, "Open"), .. Enum.GetValues<RequestStatus>().Select(status => new Option(DsrJson.Kebab(status), DeskWords.Of(status)))];

    public static IReadOnlyList<Option> Rights { get; } =
        [new("", "Any"), .. Enum.GetValues<Right>().Select(right => new Option(DsrJson.Kebab(right), DeskWords.Of(right)))];

    public static IReadOnlyList<Option> Dues { get; } = [new("", "Any time"), new("overdue", "Overdue"), new("today", "Today"), new("7d", "Within 7 days")];

    public static IReadOnlyList<Option> Sorts { get; } =
        [new("dueOn", "Due first"), new("-dueOn", "Due last"), new("receivedAt", "Oldest first"), new("-receivedAt", "Newest first")];

    public IReadOnlyList<Option> ControllerOptions => [new("", "All"), .. Controllers.Select(controller => new Option(controller.Key, controller.Name))];

    public IReadOnlyList<Option> Assignees => [new("", "Anybody"), new("me", "Me"), new(AssignRequest.Nobody, "Nobody"), .. Agents.Select(agent => new Option(agent.UserName, agent.Name))];

    /// <summary>The URL of this list further on.</summary>
    public string? NextPage => List.Next is null ? null : Url(List.Next);

    public string Url(string? cursor)
    {
        var query = new List<KeyValuePair<string, string?>> { new("status", Status) };
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                query.Add(new(name, value));
        }
        Add("right", Filter.Right is { } right ? DsrJson.Kebab(right) : null);
        Add("controller", Filter.Controller);
        Add("assignee", Filter.Assignee);
        Add("due", Filter.Due?.Text());
        Add("reference", Filter.Reference);
        Add("sort", Filter.Sort == RequestSort.DueOn ? null : Filter.Sort.Text());
        Add("cursor", cursor);
        return "/desk" + QueryString.Create(query);
    }
}

internal sealed record ControllerName(string Key, string Name);

internal sealed record StaffChoice(string UserName, string Name);
