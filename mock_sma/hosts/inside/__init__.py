"""What leads a Python process to the emulator.

Stand-alone: these modules need one another and the standard library, of any Python from 3.8 on. Programs that a test
starts load them by their path, whatever interpreter they run (``child/sitecustomize.py``).
"""
