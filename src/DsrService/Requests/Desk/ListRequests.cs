using System.Globalization;
using System.Text.Json.Serialization;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Deadlines;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Requests.Desk;

/// <summary>The queue: requests of the caller's controllers and no others, page by page. Opens nothing that is sealed.</summary>
internal sealed class ListRequests(DsrDbContext db, DataMaps maps, StaffDirectory staff, TimeProvider time)
{
    private const int LargestTotal = 10_000;

    public async Task<Result<RequestList>> HandleAsync(StaffCaller caller, RequestFilter filter, CancellationToken cancel)
    {
        var cursor = filter.Cursor is null ? null : RequestCursor.Parse(filter.Cursor, filter.Sort);
        if (filter.Cursor is not null && cursor is null)
            return Failure.Invalid(new Dictionary<string, string[]> { ["cursor"] = ["Not a cursor of this list and order."] });
        var controllers = caller.ReadableControllers.Where(key => filter.Controller is null || key == filter.Controller).ToArray();
        var facts = await FactsAsync(controllers, cancel);

        var matching = await NarrowAsync(db.Set<DataSubjectRequest>().AsNoTracking().Where(row => controllers.Contains(row.Controller)), caller, filter, facts, cancel);
        var total = await matching.Take(LargestTotal + 1).CountAsync(cancel);
        var rows = await Ordered(matching, filter.Sort, cursor).Take(filter.Limit + 1).ToListAsync(cancel);
        var page = rows.Take(filter.Limit).ToList();
        var assignees = await staff.NamesAsync(page.Where(row => row.Assignee is not null).Select(row => row.Assignee!.Value), cancel);
        return new RequestList
        {
            Items = [.. page.Select(row => RequestListItem.Of(row, facts[row.Controller].Today(time), row.Assignee is { } id ? assignees.GetValueOrDefault(id) : null))],
            Next = rows.Count > filter.Limit ? new RequestCursor(filter.Sort, ByDue(filter.Sort) ? page[^1].DueEndAt : page[^1].ReceivedAt, page[^1].Id).ToString() : null,
            Total = Math.Min(total, LargestTotal),
            TotalText = total > LargestTotal ? $"{LargestTotal}+" : total.ToString(CultureInfo.InvariantCulture),
        };
    }

    private async Task<IReadOnlyDictionary<string, ControllerFacts>> FactsAsync(IEnumerable<string> controllers, CancellationToken cancel)
    {
        var facts = new Dictionary<string, ControllerFacts>(StringComparer.Ordinal);
        foreach (var key in controllers)
            if (await maps.CurrentAsync(key, cancel) is { } current)
                facts[key] = current.Map.Controller;
        return facts;
    }

    private async Task<IQueryable<DataSubjectRequest>> NarrowAsync(
        IQueryable<DataSubjectRequest> query, StaffCaller caller, RequestFilter filter, IReadOnlyDictionary<string, ControllerFacts> facts, CancellationToken cancel)
    {
        if (filter.Statuses.Count > 0)
        {
            var statuses = filter.Statuses.ToArray();
            query = query.Where(row => statuses.Contains(row.Status));
        }
        if (filter.Right is { } right)
            query = query.Where(row => row.Right == right);
        if (filter.Reference is { } reference)
            query = query.Where(row => row.Reference.StartsWith(reference));
        if (filter.Assignee == AssignRequest.Nobody)
            query = query.Where(row => row.Assignee == null);
        else if (filter.Assignee is { } assignee)
        {
            var member = assignee == "me" ? caller.Id : await staff.FindIdAsync(assignee, cancel) ?? Guid.Empty;
            query = query.Where(row => row.Assignee == member);
        }
        return filter.Due is { } due ? DueWithin(query, due, facts) : query;
    }

    // Days end at another instant in each time zone, hence one branch a zone.
    private IQueryable<DataSubjectRequest> DueWithin(IQueryable<DataSubjectRequest> query, DueFilter due, IReadOnlyDictionary<string, ControllerFacts> facts)
    {
        var open = RequestStatuses.Open.ToArray();
        var now = time.GetUtcNow();
        query = query.Where(row => open.Contains(row.Status));
        if (due == DueFilter.Overdue)
            return query.Where(row => row.DueEndAt <= now);
        var days = due == DueFilter.Today ? 0 : 7;
        return facts.GroupBy(pair => RequestDeadline.EndOf(pair.Value.Today(time).AddDays(days), pair.Value), pair => pair.Key)
            .Select(zone => (End: zone.Key, Controllers: zone.ToArray()))
            .Select(zone => query.Where(row => zone.Controllers.Contains(row.Controller) && row.DueEndAt > now && row.DueEndAt <= zone.End))
            .DefaultIfEmpty(query.Where(_ => false)).Aggregate(Queryable.Concat);
    }

    private static IQueryable<DataSubjectRequest> Ordered(IQueryable<DataSubjectRequest> query, RequestSort sort, RequestCursor? after)
    {
        if (after is { } cursor)
            query = sort switch
            {
                RequestSort.DueOn => query.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.DueEndAt, row.Id), ValueTuple.Create(cursor.At, cursor.Id))),
                RequestSort.DueOnDescending => query.Where(row => EF.Functions.LessThan(ValueTuple.Create(row.DueEndAt, row.Id), ValueTuple.Create(cursor.At, cursor.Id))),
                RequestSort.ReceivedAt => query.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.ReceivedAt, row.Id), ValueTuple.Create(cursor.At, cursor.Id))),
                _ => query.Where(row => EF.Functions.LessThan(ValueTuple.Create(row.ReceivedAt, row.Id), ValueTuple.Create(cursor.At, cursor.Id))),
            };
        return sort switch
        {
            RequestSort.DueOn => query.OrderBy(row => row.DueEndAt).ThenBy(row => row.Id),
            RequestSort.DueOnDescending => query.OrderByDescending(row => row.DueEndAt).ThenByDescending(row => row.Id),
            RequestSort.ReceivedAt => query.OrderBy(row => row.ReceivedAt).ThenBy(row => row.Id),
            _ => query.OrderByDescending(row => row.ReceivedAt).ThenByDescending(row => row.Id),
        };
    }

    private static bool ByDue(RequestSort sort) => sort is RequestSort.DueOn or RequestSort.DueOnDescending;
}

internal sealed record RequestList
{
    public required IReadOnlyList<RequestListItem> Items { get; init; }

    /// <summary>The cursor of the next page.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Next { get; init; }

    public required int Total { get; init; }
    public required string TotalText { get; init; }
}

/// <summary>One line of the queue; no personal data of the person who asks.</summary>
internal sealed record RequestListItem
{
    public required string Reference { get; init; }
    public required string Controller { get; init; }
    public required Right Right { get; init; }
    public required RequestStatus Status { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required DateOnly DueOn { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateOnly? ExtendedTo { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int? DaysLeft { get; init; }

    public required bool Overdue { get; init; }
    public required bool Suspended { get; init; }
    public required bool OnHold { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? WaitingFor { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StaffName? Assignee { get; init; }

    public static RequestListItem Of(DataSubjectRequest request, DateOnly today, StaffName? assignee)
    {
        var deadline = DeadlineView.Of(request, today);
        return new()
        {
            Reference = request.Reference,
            Controller = request.Controller,
            Right = request.Right,
            Status = request.Status,
            ReceivedAt = request.ReceivedAt,
            DueOn = request.DueOn,
            ExtendedTo = request.ExtendedTo,
            DaysLeft = deadline.DaysLeft,
            Overdue = deadline.Overdue,
            Suspended = deadline.Suspended,
            OnHold = request.OnHold,
            WaitingFor = request.WaitingFor,
            Assignee = assignee,
        };
    }
}
