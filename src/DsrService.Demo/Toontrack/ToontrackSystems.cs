namespace DsrService.Demo.Toontrack;

/// <summary>Keys of toontrack's connected systems, as its data map names them.</summary>
internal static class ToontrackSystems
{
    public const string Controller = "toontrack";
    public const string Webshop = "webshop";
    public const string ProductRegistration = "product-registration";
    public const string SupportForum = "support-forum";
    public const string CustomerSurvey = "customer-survey";
    public const string ServiceLog = "service-log";
    public const string Newsletter = "newsletter";
    public const string RemarketingPartner = "remarketing-partner";
    public const string FulfilmentVendor = "fulfilment-vendor";
    public const string AddressUpdates = "address-updates";

    public static readonly string[] All =
    [
        Webshop, ProductRegistration, SupportForum, CustomerSurvey, ServiceLog, Newsletter, RemarketingPartner,
        FulfilmentVendor, AddressUpdates,
    ];

    /// <summary>Those that a person works; they answer nobody.</summary>
    public static readonly string[] Manual = [FulfilmentVendor, AddressUpdates];
}
