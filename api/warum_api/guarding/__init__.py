"""Who may call, and how much may come: limits of bodies, headers for browsers, the rule of loopback."""
