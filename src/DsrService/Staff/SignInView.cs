namespace DsrService.Staff;

/// <summary>What the sign-in page shows.</summary>
internal sealed record SignInView(string? ReturnTo = null, string? UserName = null, string? Error = null);
