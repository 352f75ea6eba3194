using DsrService.DataMap;
using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>A finished message: plain text always, HTML as an alternative.</summary>
internal sealed record Letter(string Subject, string Text, string? Html)
{
    public NoticeContent To(string address) => new(address, Subject, Text, Html);
}

/// <summary>What every letter carries: who writes, about which request, and where to complain.</summary>
internal sealed record LetterContext
{
    public required string ControllerName { get; init; }
    public required string ControllerContact { get; init; }
    public string? DataProtectionOfficer { get; init; }
    public required string AuthorityName { get; init; }
    public required string AuthorityWeb { get; init; }
    public required string Reference { get; init; }
    public required Right Right { get; init; }
    public required DateOnly ReceivedOn { get; init; }
    public required DateOnly DueOn { get; init; }
    public DateOnly? ExtendedTo { get; init; }
    public required string Language { get; init; }
    public string? RecipientName { get; init; }

    /// <summary>Where the person follows the request.</summary>
    public required Uri StatusPage { get; init; }

    public static LetterContext For(DataSubjectRequest request, IntakeContent intake, ControllerFacts controller, string publicAddress) => new()
    {
        ControllerName = controller.Name,
        ControllerContact = controller.Contact,
        DataProtectionOfficer = controller.DataProtectionOfficer,
        AuthorityName = controller.Authority.Name,
        AuthorityWeb = controller.Authority.Web,
        Reference = request.Reference,
        Right = request.Right,
        ReceivedOn = request.ReceivedOn,
        DueOn = request.DueOn,
        ExtendedTo = request.ExtendedTo,
        Language = request.Language,
        RecipientName = intake.Requester.Name,
        StatusPage = new Uri($"{publicAddress.TrimEnd('/')}/status"),
    };
}
