using DsrService.DataMap;
using DsrService.Notices.Templates;
using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>A finished message: plain text always, HTML as an alternative.</summary>
internal sealed record Letter(string Subject, string Text, string? Html)
{
    public NoticeContent To(string address) => new(address, Subject, Text, Html);
}

/// <summary>What every letter carries: who writes, about which request, where to complain, and the texts it is written from.</summary>
internal sealed record LetterContext
{
    public required LetterLanguage Texts { get; init; }
    public required string ControllerName { get; init; }
    public required string ControllerContact { get; init; }
    public string? DataProtectionOfficer { get; init; }

    /// <summary>The authority of the person's country, else the controller's.</summary>
    public required string AuthorityName { get; init; }
    public required string AuthorityWeb { get; init; }

    /// <summary>The controller's own, where the person's is another.</summary>
    public string? OtherAuthorityName { get; init; }
    public string? OtherAuthorityWeb { get; init; }

    /// <summary>Whether the UK GDPR applies: the controller is one of the United Kingdom, or the person is there.</summary>
    public bool Uk { get; init; }
    public required string Reference { get; init; }
    public required Right Right { get; init; }
    public required DateOnly ReceivedOn { get; init; }
    public required DateOnly DueOn { get; init; }
    public DateOnly? ExtendedTo { get; init; }
    public string? RecipientName { get; init; }

    /// <summary>Where the person follows the request.</summary>
    public required Uri StatusPage { get; init; }

    public LetterWords Words => Texts.Words(Uk);

    public Letter Write(LetterMessage message, Func<LetterModel, LetterModel> fill) => Write(message, fill(Common()));

    public Letter Write(LetterMessage message, LetterModel model) => Texts.Templates.Write(message.Name, model);

    public static LetterContext For(DataSubjectRequest request, string? name, ControllerFacts controller, string publicAddress, LetterSet set)
    {
        var uk = IsUk(controller, request.Country);
        var theirs = (uk ? set.Authorities.Of(Authorities.Uk) : null) ?? set.Authorities.Of(request.Country);
        var (ownName, ownWeb) = (controller.Authority.Name, controller.Authority.Web);
        var (authority, web) = theirs is null ? (ownName, ownWeb) : (theirs.Name.In(request.Language), theirs.Web);
        // The map may word the same authority otherwise; its own words win for its own country.
        if (request.Country == controller.Country)
            (authority, web) = (ownName, ownWeb);
        var another = web.TrimEnd('/') != ownWeb.TrimEnd('/');
        return new()
        {
            Texts = set.In(request.Language),
            ControllerName = controller.Name,
            ControllerContact = controller.Contact,
            DataProtectionOfficer = controller.DataProtectionOfficer,
            AuthorityName = authority,
            AuthorityWeb = web,
            OtherAuthorityName = another ? ownName : null,
            OtherAuthorityWeb = another ? ownWeb : null,
            Uk = uk,
            Reference = request.Reference,
            Right = request.Right,
            ReceivedOn = request.ReceivedOn,
            DueOn = request.DueOn,
            ExtendedTo = request.ExtendedTo,
            RecipientName = name,
            StatusPage = new Uri($"{publicAddress.TrimEnd('/')}/status"),
        };
    }

    /// <summary>Which law letters speak of.</summary>
    public static bool IsUk(ControllerFacts controller, string? country) => controller.Profile == LawProfile.Uk || country == Authorities.Uk;

    /// <summary>What every message can hold, in the language of the letter.</summary>
    public LetterModel Common() => new()
    {
        Controller = ControllerName,
        Contact = ControllerContact,
        Officer = DataProtectionOfficer,
        Name = string.IsNullOrWhiteSpace(RecipientName) ? null : RecipientName.Trim(),
        Reference = Reference,
        Right = Words.Right(Right),
        Asked = Words.Asked(Right, ReceivedOn),
        ReceivedOn = Words.Day(ReceivedOn),
        DueOn = Words.Day(DueOn),
        StatusPage = StatusPage.AbsoluteUri,
        Gdpr = Words.Gdpr,
        Uk = Uk,
        Authority = AuthorityName,
        AuthorityWeb = AuthorityWeb,
        OtherAuthority = OtherAuthorityName,
        OtherAuthorityWeb = OtherAuthorityWeb,
    };
}
