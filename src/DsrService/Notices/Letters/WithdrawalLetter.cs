namespace DsrService.Notices.Letters;

/// <summary>Confirms that a request was taken back, so that a withdrawal the person did not want comes to light.</summary>
internal static class WithdrawalLetter
{
    public static Letter Write(LetterContext context) => context.Write(LetterMessage.Withdrawal, common => common);
}
