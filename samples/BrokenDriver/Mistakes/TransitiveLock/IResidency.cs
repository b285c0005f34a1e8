namespace BrokenDriver.Mistakes.TransitiveLock;

/// <summary>Knows which buffer objects have their pages. The mistake that this is a part of is told in VaSpace.cs.</summary>
internal interface IResidency
{
    bool IsResident(int bufferObject);
}
