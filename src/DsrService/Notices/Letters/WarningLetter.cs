using DsrService.DataMap;
using DsrService.Requests;
using DsrService.Requests.Desk;

namespace DsrService.Notices.Letters;

/// <summary>To staff: a time limit draws near or is over. Nothing personal, since mailboxes of staff are nobody's archive.</summary>
internal static class WarningLetter
{
    public static Letter Write(DataSubjectRequest request, ControllerFacts controller, DateOnly target, bool overdue, string publicAddress)
    {
        var due = request.ExtendedTo ?? request.DueOn;
        var text = $"""
            Request {request.Reference} of {controller.Name} ({DeskWords.Of(request.Right).ToLowerInvariant()}, received on {DeskWords.Day(request.ReceivedOn)})
            {(overdue ? $"should have been answered by {DeskWords.Day(due)} and is overdue." : $"has to be answered by {DeskWords.Day(due)}; aim for {DeskWords.Day(target)}.")}
            It waits for {DeskWords.Waiting(request.WaitingFor) ?? "nobody"}{(request.OnHold ? " and is on hold" : "")}{(request.SuspendedAt is null ? "" : "; the clock stands, which this date leaves out")}.

            {publicAddress.TrimEnd('/')}/desk/requests/{request.Reference}

            """;
        return new Letter($"{(overdue ? "Overdue" : $"Due on {DeskWords.Day(due)}")}: {request.Reference}", text, null);
    }
}
