using DsrService.Applicability.Rules;
using DsrService.Deadlines;
using DsrService.Fulfilment;
using DsrService.Notices;
using DsrService.Notices.Letters;
using DsrService.Response;
using DsrService.Restrictions;
using DsrService.Sdk.Contracts;
using DsrService.Staff;

namespace DsrService.Requests.Desk;

/// <summary>What the forms of the request page do: the same operations as the staff API.</summary>
internal static class RequestForms
{
    /// <summary>A form: its move, what is said when it was made, and for those that send a letter its preview.</summary>
    internal sealed record Form(RequestMove Move, string Done, Func<Posted, Task<Failure?>> Make, Func<Posted, Task<Result<Letter>>>? Preview = null);

    /// <summary>A form as it came in; its fields are named after the move, so that ids on the page differ.</summary>
    internal sealed record Posted(IServiceProvider Services, string Reference, StaffCaller Caller, IFormCollection Fields, string Name, CancellationToken Cancel)
    {
        public IReadOnlyDictionary<string, string> Values => Fields.Where(pair => pair.Key.StartsWith(Name + ".", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());

        public string? Text(string field) => Fields[$"{Name}.{field}"] is [{ Length: > 0 } text, ..] ? text : null;

        public T? Choice<T>(string field) where T : struct, Enum => DsrJson.TryParseKebab<T>(Text(field), out var value) ? value : null;

        public T Get<T>() where T : notnull => Services.GetRequiredService<T>();
    }

    public static IReadOnlyDictionary<string, Form> All { get; } = new Dictionary<string, Form>
    {
        ["assign"] = new(RequestMove.Assign, "Assigned.", async form => (await form.Get<AssignRequest>().HandleAsync(form.Reference, form.Caller, new(form.Text("assignee")), form.Cancel)).Failure),
        ["note"] = new(RequestMove.Note, "The note was added.", async form => (await form.Get<AddNote>().HandleAsync(form.Reference, form.Caller, new(form.Text("text")), form.Cancel)).Failure),
        ["extend"] = new(RequestMove.Extend, "The time limit was extended; the letter is on its way.",
            async form => (await form.Get<ExtendDeadline>().HandleAsync(form.Reference, form.Caller, Extension(form), form.Cancel)).Failure, PreviewExtensionAsync),
        ["suspend"] = new(RequestMove.Suspend, "The clock stands.",
            async form => (await form.Get<SuspendDeadline>().HandleAsync(form.Reference, form.Caller, new(form.Text("reason"), form.Choice<SuspensionGround>("ground") ?? SuspensionGround.Scope), form.Cancel)).Failure),
        ["resume"] = new(RequestMove.Resume, "The clock runs again.", async form => (await form.Get<ResumeDeadline>().HandleAsync(form.Reference, form.Caller, form.Cancel)).Failure),
        ["hold"] = new(RequestMove.Hold, "On hold: nothing more is sent.", async form => (await form.Get<HoldRequest>().HoldAsync(form.Reference, form.Caller, new(form.Text("reason")), form.Cancel)).Failure),
        ["release-hold"] = new(RequestMove.ReleaseHold, "The hold was released.", async form => (await form.Get<HoldRequest>().ReleaseAsync(form.Reference, form.Caller, new(), form.Cancel)).Failure),
        ["approve"] = new(RequestMove.Approve, "Approved: the systems are being told.", async form => (await form.Get<ApprovePlan>().HandleAsync(form.Reference, form.Caller, new ApprovePlan.Input(Answers(form), Reasons(form)) { GroundsRequired = true }, form.Cancel)).Failure),
        ["refuse"] = new(RequestMove.Refuse, "Refused; the letter is on its way.",
            async form => (await form.Get<RefuseRequest>().HandleAsync(form.Reference, form.Caller, Refusal(form), form.Cancel)).Failure, PreviewRefusalAsync),
        ["answer"] = new(RequestMove.Answer, "The answer is on its way; the request is closed.",
            async form => (await form.Get<AnswerRequest>().HandleAsync(form.Reference, form.Caller, new(form.Text("remark")), form.Cancel)).Failure, PreviewAnswerAsync),
        ["lift-restriction"] = new(RequestMove.Approve, "The person is told; the restriction ends some working days later.",
            async form => (await form.Get<LiftRestriction>().HandleAsync(form.Reference, form.Caller, new(form.Text("reason")), form.Cancel)).Failure),
        ["withdraw"] = new(RequestMove.Withdraw, "Withdrawn; the person is told.", async form => (await form.Get<WithdrawByStaff>().HandleAsync(form.Reference, form.Caller, new(form.Text("reason")), form.Cancel)).Failure),
    };

    private static ExtendDeadline.Input Extension(Posted form) => new(form.Text("reason"), form.Choice<ExtensionGround>("ground") ?? ExtensionGround.Complexity);

    private static RefuseRequest.Input Refusal(Posted form) => new(form.Choice<RefusalGround>("ground"), form.Text("explanation"));

    private static Dictionary<string, QuestionAnswer> Answers(Posted form)
    {
        var answers = new Dictionary<string, QuestionAnswer>();
        foreach (var name in form.Values.Keys.Select(field => field[(form.Name.Length + 1)..]))
            if (form.Choice<QuestionAnswer>(name) is { } answer)
                answers[name] = answer;
        return answers;
    }

    private static Dictionary<string, string> Reasons(Posted form) => form.Values.Where(field => field.Key.EndsWith(".reason", StringComparison.Ordinal) && field.Value.Length > 0)
        .ToDictionary(field => field.Key[(form.Name.Length + 1)..^".reason".Length], field => field.Value);

    private static async Task<Result<Letter>> PreviewExtensionAsync(Posted form)
    {
        var (found, context) = await LetterContextAsync(form);
        return found.Failed ? found.Failure : form.Get<ExtendDeadline>().Preview(found.Value.Row, context!, found.Value.Map.Controller, Extension(form));
    }

    private static async Task<Result<Letter>> PreviewRefusalAsync(Posted form)
    {
        var (found, context) = await LetterContextAsync(form);
        return found.Failed ? found.Failure : RefuseRequest.Preview(context!, Refusal(form));
    }

    private static async Task<Result<Letter>> PreviewAnswerAsync(Posted form)
    {
        var answer = await form.Get<PreviewAnswer>().HandleAsync(form.Reference, form.Caller, form.Text("remark"), form.Cancel);
        return answer.Failed ? answer.Failure : answer.Value.Letter;
    }

    private static async Task<(Result<ReadRequest.Output> Found, LetterContext? Context)> LetterContextAsync(Posted form)
    {
        var found = await form.Get<ReadRequest>().HandleAsync(form.Reference, form.Caller, form.Cancel);
        if (found.Failed)
            return (found, null);
        var intake = new IntakeContent { Requester = found.Value.Detail.Requester };
        return (found, form.Get<LettersInForce>().ContextFor(found.Value.Row, intake, found.Value.Map.Controller));
    }
}
