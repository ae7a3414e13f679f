"""The world of an SDK that reads rules: files of Markdown, of any size, each rule with a mark.

To read rules, whatever the SDK: a file is loaded, and interpreted: the constraints that it states
are told from the prose around them.
"""
