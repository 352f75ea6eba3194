namespace DsrService.Deadlines;

/// <summary>Art. 12(3), second sentence.</summary>
internal enum ExtensionGround
{
    Complexity,
    NumberOfRequests,
}
