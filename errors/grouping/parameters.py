"""Messages without what changes from one event to the next."""

import re

MESSAGE_LINES = 2
MESSAGE_LENGTH = 512

# At one place the first that fits wins, so the particular stand before the general.
PARAMETERS = re.compile(
    r"""
      (?P<email>    (?<![\w.+-]) [\w.+-]{1,64}+ @ [\w-]{1,63} (?:\.[\w-]{1,63})+ )
    | (?P<url>      \b [a-zA-Z][a-zA-Z0-9+.-]{1,15} :// [^\s"'<>()]+ )
    | (?P<ip>       (?<![\w.-]) \d{1,3} (?:\.\d{1,3}){3} (?!\w|\.\d)
                  | (?<![\w:.-]) (?:
                        (?:[0-9a-fA-F]{1,4}:){7} [0-9a-fA-F]{1,4}
                      | (?:[0-9a-fA-F]{1,4}:){1,6} (?::[0-9a-fA-F]{1,4}){1,6}
                      | (?:[0-9a-fA-F]{1,4}:){2,7} :
                      | :: [0-9a-fA-F]{1,4} (?::[0-9a-fA-F]{1,4}){0,6}
                    ) (?![\w:]) )
    | (?P<uuid>     \b [0-9a-fA-F]{8} - (?:[0-9a-fA-F]{4}-){3} [0-9a-fA-F]{12} \b )
    | (?P<sha1>     \b [0-9a-fA-F]{40} \b )
    | (?P<md5>      \b [0-9a-fA-F]{32} \b )
    | (?P<date>     \b (?:
                        \d{4}-\d\d?-\d\d? (?:[T\ ]\d\d?:\d\d (?::\d\d(?:[.,]\d+)?)?)?
                        (?:\ ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?
                      | (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\ )?
                        \d\d?\ (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\ \d{4}
                        (?:\ \d\d:\d\d(?::\d\d)?)? (?:\ (?:GMT|UTC|[+-]\d{4}))?
                      | \d\d?[/.]\d\d?[/.]\d{4}
                      | \d\d?:\d\d:\d\d (?:[.,]\d+)?
                    ) (?!\w) )
    | (?P<duration> (?<![\w.]) \d+ (?:\.\d+)? \ ?
                    (?:ns|us|µs|ms|s|m|h|d|(?:nano|micro|milli)?sec(?:ond)?s?|min(?:ute)?s?
                    |h(?:ou)?rs?|days?|weeks?) \b )
    | (?P<hex>      \b 0[xX][0-9a-fA-F]+ \b
                  | \b (?=[a-f]*\d) (?=\d*[a-f]) [0-9a-f]{8,128} \b
                  | \b (?=[A-F]*\d) (?=\d*[A-F]) [0-9A-F]{8,128} \b )
    | (?P<float>    (?<![\w.]) [+-]? \d+\.\d+ (?:[eE][+-]?\d+)? (?![\w]|\.\d) )
    | (?P<int>      (?<![\w.]) [+-]? \d+ \b (?!\.\d) )
    | (?P<quoted_str> (?<!\w) (?: '[^'\n]*' | "[^"\n]*" ) (?!\w) )
    """,
    re.VERBOSE,
)


def parameterize(message: str) -> str:
    """Replace what varies by its name: "took 5 s for ana@x.org" is "took <duration> for <email>".

    Only the first two lines count: what follows is detail, such as a remote traceback.
    """
    lines = (line.strip() for line in message[:MESSAGE_LENGTH].splitlines())
    head = "\n".join([line for line in lines if line][:MESSAGE_LINES])
    return PARAMETERS.sub(lambda found: f"<{found.lastgroup}>", head)
